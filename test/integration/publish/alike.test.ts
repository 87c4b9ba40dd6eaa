import assert from 'node:assert/strict'
import { join } from 'node:path'
import { type Drydock, openDrydock } from '../../support/drydock.ts'
import { startGitHttp } from '../../support/git-http/start.ts'
import { git, temporaryFolder } from '../../support/madeRepository.ts'
import { publishableSession } from '../../support/publishableSession.ts'

const ids = ['20260102-030405-aaaaaa', '20260102-030405-bbbbbb', '20260102-030405-cccccc'] as const

describe('drydock alike', () => {
  let drydock: Drydock
  let folder: Awaited<ReturnType<typeof temporaryFolder>>
  beforeEach(async () => {
    drydock = await openDrydock()
    folder = await temporaryFolder()
  })
  afterEach(async () => {
    await drydock[Symbol.asyncDispose]()
    await folder[Symbol.asyncDispose]()
  })

  /** Three sessions of the same shape, in repositories of their own; the checks of the last one are red. */
  async function three(url: (at: number) => string): Promise<string> {
    for (const [at, id] of ids.entries()) {
      const place = join(folder.path, String(at))
      const sessions = join(drydock.home, 'sessions')
      const options = { id, sessions, red: at === 2, remotes: join(folder.path, 'remotes', String(at)) }
      const { held } = await publishableSession(place, { ...options, remoteUrl: url(at) })
      await held.release()
    }
    const [group, ...others] = JSON.parse((await drydock.run(['alike', '--json'])).stdout)
    assert.deepEqual([group.sessions.length, others.length], [3, 0])
    assert.deepEqual(
      group.sessions.map(({ notYet }: { notYet: string | null }) => notYet),
      ['One test is broken.', null, null],
    )
    return group.shape
  }

  const outcomeOf = async (id: string): Promise<string> =>
    JSON.parse((await drydock.run(['show', id, '--json'])).stdout).outcome

  it('publishes alike sessions each by its own checks, and never one that is red', async () => {
    await using server = await startGitHttp(join(folder.path, 'remotes'))
    const shape = await three((at) => `${server.url}/${at}/o/r.git`)
    const ended = await drydock.run(['alike', '--approve', shape])
    assert.equal(ended.code, 2, ended.stdout + ended.stderr)
    assert.deepEqual(await Promise.all(ids.map(outcomeOf)), ['published', 'published', 'awaiting-review'])
    assert.match(ended.stdout, new RegExp(`✖ ${ids[2]}  not-verified: `))
    for (const at of [0, 1])
      assert.match(
        await git(join(folder.path, 'remotes', String(at), 'o/r.git'), 'branch'),
        /drydock\/left-pad-2\.0\.0/,
      )
    assert.doesNotMatch(await git(join(folder.path, 'remotes/2/o/r.git'), 'branch'), /drydock/)
    const left = JSON.parse((await drydock.run(['alike', '--json'])).stdout)
    assert.deepEqual(
      left[0].sessions.map(({ id }: { id: string }) => id),
      [ids[2]],
    )
  })

  it('rejects a group with its reason; a shape or a campaign that there is not is refused', async () => {
    const shape = await three(() => 'https://forge.example.com/o/r.git')
    const unknown = await drydock.run(['alike', '--reject', 'no-such-one'])
    assert.match(unknown.stderr, /^bad-usage: No session that waits for review has the shape/)
    assert.match((await drydock.run(['alike', '--campaign', 'none'])).stderr, /^no-such-campaign: /)
    assert.match((await drydock.run(['alike', '--approve', shape, '--reject', shape])).stderr, /^bad-usage: /)
    const ended = await drydock.run(['alike', '--reject', shape, '--reason', 'next year'])
    assert.equal(ended.code, 0, ended.stdout + ended.stderr)
    assert.deepEqual(await Promise.all(ids.map(outcomeOf)), ['rejected', 'rejected', 'rejected'])
    assert.match((await drydock.run(['alike'])).stdout, /No session waits for review/)
  })
})
