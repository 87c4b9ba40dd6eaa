import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pagerOf } from '../../../../src/runner/commands/pager.ts'

describe('the pager of a diff', () => {
  let home: string
  before(async () => {
    home = await mkdtemp(join(tmpdir(), 'drydock-pager-'))
    for (const name of ['config', 'empty']) await mkdir(join(home, name))
    await writeFile(join(home, 'config', '.gitconfig'), '[core]\n\tpager = delta\n')
  })
  after(() => rm(home, { recursive: true }))

  const chosen = (config: string, env: Readonly<Record<string, string>>): Promise<string> =>
    pagerOf({ cwd: home, env: { PATH: process.env.PATH, HOME: join(home, config), ...env } })

  it("is git's own choice", async () => {
    assert.equal(await chosen('config', { GIT_PAGER: 'most', PAGER: 'more' }), 'most')
    assert.equal(await chosen('config', { PAGER: 'more' }), 'delta')
    assert.equal(await chosen('empty', { PAGER: 'more' }), 'more')
    assert.equal(await chosen('empty', {}), 'less')
  })
})
