import assert from 'node:assert/strict'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { campaignsHome } from '../../../src/store/campaign.ts'
import { listSessions, readSession } from '../../../src/store/session.ts'
import { mixedCampaign } from '../../support/campaign.ts'
import { codemodFolder, codemodForUuid } from '../../support/codemod.ts'
import { type Drydock, openDrydock } from '../../support/drydock.ts'
import { makeRepository, temporaryFolder } from '../../support/madeRepository.ts'

describe('a campaign with a codemod', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>
  let drydock: Drydock
  before(async () => {
    folder = await temporaryFolder()
    drydock = await openDrydock()
  })
  after(async () => {
    await drydock[Symbol.asyncDispose]()
    await folder[Symbol.asyncDispose]()
  })

  it('gives its text to every session, wherever its folder is by then; one of another package is refused', async () => {
    await makeRepository(join(folder.path, 'app'), { 'package.json': '{"name":"app","version":"1.0.0"}\n' })
    const own = await codemodFolder(folder.path, codemodForUuid)
    const file = join(folder.path, 'campaign.yaml')
    const text = (codemod: string) =>
      `name: with-codemod\nupdate: uuid@9\ncodemod: ${codemod}\nrepositories: [app]\n`
    await writeFile(file, text(own.slice(folder.path.length + 1)))
    const ended = await drydock.run(['fleet', 'submit', file, '--json'])
    assert.equal(JSON.parse(ended.stdout).campaign.codemod.text, codemodForUuid.text, ended.stderr)
    const sessions = join(drydock.home, 'sessions')
    const [id = ''] = await listSessions(sessions)
    const { task } = await readSession(sessions, id)
    assert.deepEqual(task.kind === 'dependency-update' && task.codemod, codemodForUuid)
    const from = { session: id, package: 'ms', to: '3.0.0', patch: 'a'.repeat(64) }
    const other = await codemodFolder(folder.path, { ...codemodForUuid, from })
    await writeFile(file, text(other.slice(folder.path.length + 1)))
    assert.match((await drydock.run(['fleet', 'submit', file])).stderr, /^bad-codemod: .*an update of ms/)
    await writeFile(file, text('nowhere'))
    assert.match((await drydock.run(['fleet', 'submit', file])).stderr, /^bad-codemod: /)
  })

  it('is one page, Markdown or JSON; sessions that are not here are said to be unknown', async () => {
    const { events, state } = mixedCampaign()
    const home = campaignsHome(join(drydock.home, 'sessions'))
    const name = state.campaign.name
    await mkdir(join(home, name), { recursive: true })
    const lines = events.map((event) => `${JSON.stringify(event)}\n`)
    await writeFile(join(home, name, 'events.jsonl'), lines.join(''))
    const page = join(folder.path, 'page.html')
    const made = await drydock.run(['fleet', 'report', name, '-o', page])
    assert.equal(made.code, 0, made.stderr)
    assert.match(
      made.stdout,
      /^16 of 17 repositories ended, 2 more were not reached; \$1\.82 of \$40\.00 spent\n.*page\.html/,
    )
    assert.match(await readFile(page, 'utf8'), /^<!doctype html>/)
    const both = join(folder.path, 'both.html')
    const told = await drydock.run(['fleet', 'report', name, '--json', '-o', both])
    const { rows, carried, spending } = JSON.parse(told.stdout)
    assert.deepEqual([rows.length, rows[0].means, carried], [17, 'unknown', null])
    assert.deepEqual([spending.length, spending[0].capUsd, spending[0].running], [1, 40, 1])
    // As the editor asks for it: the page in its file, and the figures besides.
    assert.equal(await readFile(both, 'utf8'), await readFile(page, 'utf8'))
    assert.match(
      (await drydock.run(['fleet', 'report', name, '--markdown'])).stdout,
      /^# Campaign `uuid-9`\n/,
    )
    assert.match((await drydock.run(['fleet', 'report', 'none'])).stderr, /^no-such-campaign: /)
  })
})
