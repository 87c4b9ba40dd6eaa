import assert from 'node:assert/strict'
import { join } from 'node:path'
import { DrydockError } from '../../../../src/contract/failure.ts'
import { openBareRepository } from '../../../../src/runner/git/bareRepository.ts'
import { dropHunks } from '../../../../src/runner/patch/drop.ts'
import { git, makeRepository, temporaryFolder } from '../../../support/madeRepository.ts'

const numbered = (count: number) => Array.from({ length: count }, (_, at) => `line ${at + 1}\n`)

describe('dropHunks', function () {
  this.timeout(60_000)

  it('leaves a patch that makes exactly the rest, for every choice of hunks', async () => {
    await using folder = await temporaryFolder()
    const root = join(folder.path, 'user')
    const lines = numbered(60)
    const base = await makeRepository(root, { a: lines.join(''), b: 'b\n', gone: 'x\n' })
    const bare = await openBareRepository({ dir: join(folder.path, 'repo.git'), source: root })
    const tree = await git(root, 'rev-parse', 'HEAD^{tree}')
    const edits: readonly [number, string][] = [
      [5, 'five\nfive and a half\n'],
      [30, ''],
      [50, 'fifty\n'],
    ]
    const content = (chosen: readonly number[]) => {
      return lines
        .map((line, at) => edits.find(([row], edit) => row === at && chosen.includes(edit))?.[1] ?? line)
        .join('')
    }
    const whole = await bare.withFiles(
      tree,
      new Map<string, Buffer | null>([
        ['a', Buffer.from(content([0, 1, 2]))],
        ['b', Buffer.from('B\n')],
        ['gone', null],
        ['new', Buffer.from('n\n')],
      ]),
    )
    const patch = await bare.diff(base, tree, whole)
    for (let mask = 0; mask < 8; mask += 1) {
      const kept = [0, 1, 2].filter((hunk) => (mask & (1 << hunk)) !== 0)
      const dropped = [0, 1, 2].filter((hunk) => !kept.includes(hunk)).map((hunk) => ({ path: 'a', hunk }))
      const rest = dropHunks(patch, [...dropped, { path: 'gone' }, { path: 'new' }])
      const made = await bare.apply(tree, rest.text)
      assert.equal((await bare.read(made, 'a'))?.toString(), content(kept))
      const exact = await bare.diff(base, tree, made)
      assert.equal(exact.text.replace(/^index .*\n/gm, ''), rest.text.replace(/^index .*\n/gm, ''))
    }
    assert.equal(dropHunks(patch, patch.files).text, '')
  })

  it('refuses a hunk that is not there', async () => {
    const text = 'diff --git a/a b/a\n--- a/a\n+++ b/a\n@@ -1 +1 @@\n-x\n+y\n'
    const patch = { baseCommit: 'a'.repeat(40), digest: '0'.repeat(64), files: [], text }
    for (const dropped of [{ path: 'b' }, { path: 'a', hunk: 1 }]) {
      assert.throws(
        () => dropHunks(patch, [dropped]),
        (error) => error instanceof DrydockError && error.failure.code === 'patch-refused',
      )
    }
  })
})
