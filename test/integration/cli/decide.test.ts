import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { sessionView } from '../../../src/contract/sessionView.ts'
import { type Drydock, openDrydock } from '../../support/drydock.ts'
import type { SessionLog } from '../../support/panel/log.ts'
import { fixtureSessions, waiting } from '../../support/panel/sessions.ts'
import { droppedRed, rareSessions } from '../../support/panel/states.ts'

const program = join(import.meta.dirname, '../../../dist/drydock.mjs')

describe('deciding at the command line', () => {
  let drydock: Drydock
  before(async () => {
    drydock = await openDrydock()
  })
  after(() => drydock[Symbol.asyncDispose]())

  const folderOf = (id: string) => join(drydock.home, 'sessions', id)

  async function write(log: SessionLog): Promise<string> {
    const folder = folderOf(log.id)
    await mkdir(join(folder, 'artifacts'), { recursive: true })
    const [created] = log.events
    assert.ok(created?.type === 'session.created')
    await writeFile(join(folder, 'task.json'), JSON.stringify(created.task))
    await writeFile(join(folder, 'events.jsonl'), log.text)
    for (const [digest, bytes] of log.artifacts) await writeFile(join(folder, 'artifacts', digest), bytes)
    return log.id
  }

  /** Types `answer` where it is asked, at a terminal of its own. */
  async function atTerminal(args: readonly string[], answer: string) {
    const command = [process.execPath, program, ...args].map((part) => `'${part}'`).join(' ')
    const env = { ...process.env, DRYDOCK_HOME: drydock.home, NO_COLOR: '1' }
    const child = spawn('script', ['-qefc', command, '/dev/null'], { env })
    let said = ''
    child.stdout.on('data', (chunk: Buffer) => {
      const before = said
      said += chunk.toString('utf8')
      if (!before.includes('[y/N]') && said.includes('[y/N]')) child.stdin.write(`${answer}\r`)
    })
    await text(child.stderr)
    return said
  }

  const approvals = async (id: string): Promise<readonly string[]> =>
    (await readFile(join(folderOf(id), 'events.jsonl'), 'utf8'))
      .split('\n')
      .filter((line) => line.includes('"type":"review.approved"'))

  it('takes dropped parts back with the evidence they had, and says where there are none', async () => {
    const original = sessionView(waiting('20260304-090000-cccc01').events)
    const id = await write(droppedRed('20260304-090000-cccc01'))
    const view = await drydock.session(['restore', id])
    for (const part of ['patch', 'matrix', 'verdict', 'warnings', 'reports', 'outcome'] as const)
      assert.deepEqual(view[part], original[part], part)
    const again = await drydock.run(['restore', id])
    assert.deepEqual([again.code, again.stderr.includes('no part of its patch was dropped')], [2, true])
    const help = await drydock.run(['restore', '--help'])
    assert.match(help.stdout, /take the dropped parts back/)
  })

  it('brings back only the patch that was expected', async () => {
    const id = await write(droppedRed('20260304-090000-cccc02'))
    const request = { do: 'restore', session: id, digest: 'e'.repeat(64) }
    const { ended } = drydock.start(
      ['run', '--task', '-'],
      {},
      JSON.stringify({ v: 1, request, secrets: {} }),
    )
    assert.match((await ended).stdout, /"ok":false.*approval-void/)
  })

  it('publishes what is not verified only where a person at a terminal says so', async () => {
    const log = fixtureSessions().get('not-verified')
    assert.ok(log)
    const id = await write(log)
    const publish = ['publish', id, '--without-judge']
    const refused = await drydock.run(publish)
    assert.equal(refused.code, 2)
    assert.match(refused.stderr, /not verified: The build fails on the base.*at a terminal without --yes/s)
    assert.doesNotMatch(await atTerminal([...publish, '--yes'], 'y'), /\[y\/N\]/)
    assert.match(await atTerminal(publish, 'n'), /not verified: The build fails.*Publish all the same\?/s)
    assert.deepEqual(await approvals(id), [])
    await atTerminal(publish, 'y')
    const [approved = '', ...more] = await approvals(id)
    assert.match(approved, /"unverified":true/)
    assert.deepEqual(more, [])
  })

  it('publishes what no test stands for only where a person at a terminal says so', async () => {
    const log = rareSessions().get('without-tests')
    assert.ok(log)
    const id = await write(log)
    const refused = await drydock.run(['publish', id, '--yes'])
    assert.equal(refused.code, 2)
    assert.match(refused.stderr, /^not-verified: No test that passed before ran again: repaired: the build/)
    assert.match(await atTerminal(['publish', id], 'n'), /no tests\. Publish all the same\?/)
    assert.deepEqual(await approvals(id), [])
    await atTerminal(['publish', id], 'y')
    assert.match((await approvals(id))[0] ?? '', /"unverified":true/)
  })

  it('publishes checks that failed for nobody, and says what to do', async () => {
    const id = await write(droppedRed('20260304-090000-cccc03'))
    const said = await atTerminal(['publish', id, '--without-judge', '--acknowledge', 'of-the-drop'], 'y')
    assert.doesNotMatch(said, /\[y\/N\]/)
    assert.match(said, new RegExp(`not green.*drydock restore ${id}`, 's'))
    assert.deepEqual(await approvals(id), [])
  })
})
