import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { DrydockError } from '../../../../src/contract/failure.ts'
import { bareGit } from '../../../../src/runner/git/program.ts'
import { git, makeRepository, temporaryFolder } from '../../../support/madeRepository.ts'

describe('what git writes straight to a file', () => {
  it('fails as a full disk does, under the name that the system gives it', async function () {
    if (!existsSync('/dev/full')) this.skip()
    await using folder = await temporaryFolder()
    const repository = join(folder.path, 'repository')
    await makeRepository(repository, { 'a.txt': 'a' })
    const blob = await git(repository, 'rev-parse', 'HEAD:a.txt')
    await using file = await open('/dev/full', 'w')
    const writing = bareGit(join(repository, '.git'), process.env).toFile(
      ['cat-file', '--batch', '--buffer'],
      `${blob.trim()}\n`,
      file,
    )
    await assert.rejects(writing, { code: 'ENOSPC' })
  })

  it('fails in git’s own words, and names the command', async () => {
    await using folder = await temporaryFolder()
    await using file = await open(join(folder.path, 'out'), 'w')
    const writing = bareGit(folder.path, process.env).toFile(['cat-file', '--batch'], '', file)
    await assert.rejects(
      writing,
      (error) =>
        error instanceof DrydockError && /: git cat-file failed: .*not a git repository/s.test(error.message),
    )
  })
})
