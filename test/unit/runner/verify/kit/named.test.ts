import assert from 'node:assert/strict'
import { filesNamed, isWorkedOn, withFiles } from '../../../../../src/runner/verify/kit/named.ts'
import { report, step } from '../../../../support/reports.ts'

const paths = new Set([
  'src/a.ts',
  'src/[id].ts',
  'test/a.test.ts',
  'eslint.config.js',
  'index.js',
  'Main.java',
])
const named = (log: string) => [...filesNamed(log, paths)].sort()

describe('files that a log names', () => {
  it('are found in the words of compilers, linters and stacks', () => {
    assert.deepEqual(named('src/a.ts(3,5): error TS2345: no'), ['src/a.ts'])
    assert.deepEqual(named('/workspace/src/a.ts\n  1:1  error  x'), ['src/a.ts'])
    assert.deepEqual(named('    at Object.<anonymous> (/workspace/test/a.test.ts:3:1)'), ['test/a.test.ts'])
    assert.deepEqual(named('[warn] ./src/[id].ts\n[ERROR] /workspace/Main.java:[3,5] x'), [
      'Main.java',
      'src/[id].ts',
    ])
    assert.deepEqual(named('ERROR in ./index.js 1:0'), ['index.js'])
  })

  it('are not those of the command itself, of packages or of words', () => {
    const echo =
      '> x@1.0.0 lint\n> eslint src/a.ts\n\nnpm error command sh -c eslint src/a.ts\n$ eslint index.js\n'
    assert.deepEqual(named(`${echo}Oops! node_modules/eslint/index.js and lib/index.js. See src/b.ts`), [])
  })

  it('show work unless they are configuration', () => {
    assert.deepEqual(['src/a.ts', 'test/a.test.ts', 'README.md'].map(isWorkedOn), [true, true, true])
    assert.deepEqual(['eslint.config.js', 'tsconfig.json', 'package.json', '.mocharc.yml'].map(isWorkedOn), [
      ...[false, false, false, false],
    ])
  })

  it('are read for failed steps', async () => {
    const steps = [step('build'), step('lint', 1), step('lint', 1, { log: '1'.repeat(64) })]
    const logs = new Map([
      ['0'.repeat(64), 'src/a.ts: x'],
      ['1'.repeat(64), 'index.js: y'],
    ])
    const ran = await withFiles(report({}, { steps }), paths, async (log) => Buffer.from(logs.get(log) ?? ''))
    assert.deepEqual(
      [...ran.named].map(([name, files]) => [name, [...files]]),
      [['lint', ['src/a.ts', 'index.js']]],
    )
  })
})
