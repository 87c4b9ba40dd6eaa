import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { baseFile } from '../../../../src/extension/review/baseFiles.ts'
import { git } from '../../../support/repository.ts'

describe('baseFile', () => {
  let home: string
  let tree: string
  const searchPath = process.env.PATH ?? ''
  before(async () => {
    home = await mkdtemp(join(tmpdir(), 'drydock-base-'))
    await git(home, 'init', '--quiet')
    await writeFile(join(home, ':(top) [a].txt'), 'as it was\n')
    await git(home, 'add', '--all')
    await git(home, 'commit', '--quiet', '--message', 'one')
    tree = await git(home, 'rev-parse', 'HEAD^{tree}')
  })
  after(() => rm(home, { recursive: true, force: true }))

  it('reads a blob as it is, whatever its name means to git', async () => {
    const gitDir = join(home, '.git')
    assert.equal(await baseFile({ gitDir, searchPath }, tree, ':(top) [a].txt'), 'as it was\n')
  })

  it('answers nothing where there is no such file or repository', async () => {
    assert.equal(await baseFile({ gitDir: join(home, '.git'), searchPath }, tree, 'b'), undefined)
    assert.equal(await baseFile({ gitDir: join(home, 'gone'), searchPath }, tree, 'a'), undefined)
  })
})
