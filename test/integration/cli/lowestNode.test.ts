import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { listSessions } from '../../../src/store/session.ts'
import { type Drydock, openDrydock } from '../../support/drydock.ts'
import { lowestNode } from '../../support/lowestNode.ts'
import { fixtureRepository } from '../../support/repository.ts'

describe('the lowest Node that is promised', () => {
  let drydock: Drydock
  before(async () => {
    drydock = await openDrydock(lowestNode)
  })
  after(() => drydock[Symbol.asyncDispose]())

  it('is the one that the manifest names, and what a build is made for', async () => {
    const { stdout } = await promisify(execFile)(lowestNode, ['--version'])
    const manifest = JSON.parse(
      await readFile(join(import.meta.dirname, '../../../package.json'), 'utf8'),
    ) as { engines: { node: string } }
    assert.equal(manifest.engines.node, `>=${stdout.trim().slice(1).replace(/\d+$/, '0')}`)
  })

  it('runs the commands that need no engine', async () => {
    assert.match((await drydock.run(['--help'])).stdout, /^Usage: drydock/)
    assert.deepEqual(JSON.parse((await drydock.run(['sessions', '--json'])).stdout), [])
    const { node } = JSON.parse((await drydock.run(['doctor', '--json'])).stdout) as { node: string }
    assert.match(node, /^v20\.19\./)
    assert.match((await drydock.run(['cancel', '20260102-030405-abc123'])).stderr, /^no-such-session: /)
  })

  it('runs a whole clean update, and cancels one that is at work', async () => {
    await using repository = await fixtureRepository('clean-update')
    const update = ['update', 'ms', '--repo', repository.root, '--no-review']
    const view = await drydock.session(update)
    assert.deepEqual([view.outcome, view.matrix?.green], ['awaiting-review', true], view.reason ?? '')
    const { child, ended } = drydock.start([...update, '--fresh'])
    let said = ''
    const cancelled = new Promise<string>((resolve) => {
      child.stdout?.on('data', (chunk: Buffer) => {
        const before = said
        said += chunk.toString()
        if (before.includes('… Install') || !said.includes('… Install')) return
        void listSessions(join(drydock.home, 'sessions'))
          .then(([id]) => drydock.run(['cancel', String(id)]))
          .then(({ stdout }) => resolve(stdout))
      })
    })
    assert.match(await cancelled, /is being cancelled/)
    assert.equal((await ended).code, 130, said)
  })
})
