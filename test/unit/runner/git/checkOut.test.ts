import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { checkOut, isThere } from '../../../../src/runner/git/checkOut.ts'
import { readPatch } from '../../../../src/runner/patch/read.ts'
import { git, makeRepository, temporaryFolder, writeFiles } from '../../../support/madeRepository.ts'

describe('a change in a work tree of its own', () => {
  it('holds the change, runs no hook, and leaves the work tree, branches and stash of the user as they are', async () => {
    await using folder = await temporaryFolder()
    const root = join(folder.path, 'user')
    const commit = await makeRepository(root, { 'a.txt': 'one\n', 'b.txt': 'b\n' })
    await writeFile(join(root, 'a.txt'), 'two\n')
    const text = `${await git(root, 'diff')}\n`
    await writeFile(join(root, 'a.txt'), 'my own work\n')
    await writeFiles(join(root, '.git/hooks'), {
      'post-checkout': { executable: '#!/bin/sh\ntouch hooked\n' },
    })
    const before = await stateOf(root)
    const target = join(folder.path, 'worktrees', 'it')
    await checkOut({ root, folder: target, patch: readPatch(text, commit) }, process.env)
    assert.equal(await readFile(join(target, 'a.txt'), 'utf8'), 'two\n')
    assert.equal(await git(target, 'status', '--porcelain'), ' M a.txt')
    assert.deepEqual(
      [await isThere(join(target, 'hooked')), await isThere(join(root, 'hooked'))],
      [false, false],
    )
    assert.deepEqual(await stateOf(root), before)
  })

  it('refuses a change of what decides which programs git runs, and leaves nothing behind', async () => {
    await using folder = await temporaryFolder()
    const root = join(folder.path, 'user')
    const commit = await makeRepository(root, { '.gitattributes': '* text\n' })
    await writeFile(join(root, '.gitattributes'), '* filter=any\n')
    const text = `${await git(root, 'diff')}\n`
    const target = join(folder.path, 'it')
    const asked = checkOut({ root, folder: target, patch: readPatch(text, commit) }, process.env)
    await assert.rejects(asked, /patch-refused: .*gitattributes/)
    assert.equal(await isThere(target), false)
  })

  it('says what to fetch where the change stands on a commit that only the remote has', async () => {
    await using folder = await temporaryFolder()
    const root = join(folder.path, 'user')
    await makeRepository(root, { 'a.txt': 'one\n' })
    await writeFile(join(root, 'a.txt'), 'two\n')
    const patch = readPatch(`${await git(root, 'diff')}\n`, 'e'.repeat(40))
    const target = join(folder.path, 'it')
    await assert.rejects(
      checkOut({ root, folder: target, patch }, process.env),
      /session-state: .*e{12}, which is not in /,
    )
    assert.equal(await isThere(target), false)
  })
})

async function stateOf(root: string): Promise<readonly string[]> {
  return Promise.all([
    git(root, 'status', '--porcelain=v2', '--branch'),
    git(root, 'branch', '--list', '--all', '-v'),
    git(root, 'stash', 'list'),
    readFile(join(root, 'a.txt'), 'utf8').catch(() => ''),
  ])
}
