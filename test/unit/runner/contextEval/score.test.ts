import assert from 'node:assert/strict'
import { namedLines, scoreContext, touchedLines } from '../../../../src/runner/contextEval/score.ts'

const zero = '0'.repeat(40)
const patch = `diff --git a/src/a.js b/src/a.js
index ${'1'.repeat(40)}..${'2'.repeat(40)} 100644
--- a/src/a.js
+++ b/src/a.js
@@ -3,4 +3,5 @@
 three
-four
+4
 five
+5½
 six
diff --git a/old.json b/old.json
deleted file mode 100644
index ${'1'.repeat(40)}..${zero}
--- a/old.json
+++ /dev/null
@@ -1,2 +0,0 @@
-{
-}
diff --git a/new.js b/new.js
new file mode 100644
index ${zero}..${'1'.repeat(40)}
--- /dev/null
+++ b/new.js
@@ -0,0 +1,1 @@
+new
`

const paths = ['src/a.js', 'a.js', 'old.json']

describe('the score of a first message', () => {
  it('counts lines that a repair changes or deletes, not what it adds', () => {
    assert.deepEqual(
      [...touchedLines(patch)],
      [
        ['src/a.js', new Set([4])],
        ['old.json', new Set([1])],
      ],
    )
  })

  it('reads places as tools write them, and lines below a path', () => {
    const named = (text: string) => [...namedLines(text, paths)].map(([path, lines]) => [path, [...lines]])
    assert.deepEqual(named('at /workspace/src/a.js:4:2'), [['src/a.js', [4]]])
    assert.deepEqual(named('a.js(3,5): error'), [['a.js', [3]]])
    assert.deepEqual(named('src/a.js\n  4: four\n  6: six\nend\n  7: no'), [['src/a.js', [4, 6]]])
    assert.deepEqual(named('lib/src/a.jsx:4 and xa.js:3'), [])
    assert.deepEqual(named('  src/a.js:4, 15 and'), [['src/a.js', [4, 15]]])
    assert.deepEqual(named('  old.json: reads (:9), writes (:17)'), [['old.json', [9, 17]]])
    assert.deepEqual([...namedLines('Only.java:3', ['src/Only.java']).keys()], ['src/Only.java'])
  })

  it('compares both, and says what is missing', () => {
    const score = scoreContext('src/a.js:4\nsrc/a.js:5', paths, patch)
    const { touched, named, both, recall, precision, missed } = score
    assert.deepEqual([touched, named, both, recall, precision], [2, 2, 1, 0.5, 0.5])
    assert.deepEqual(missed, ['old.json:1'])
    assert.equal(scoreContext('old.json goes', paths, patch).both, 1)
    assert.equal(scoreContext('nothing', paths, patch).precision, null)
  })
})
