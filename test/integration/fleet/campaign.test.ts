import { deepEqual, equal, match } from 'node:assert/strict'
import { once } from 'node:events'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { CampaignState } from '../../../src/contract/fleet/state.ts'
import { campaignsHome, openCampaignLog } from '../../../src/store/campaign.ts'
import { acquireLock } from '../../../src/store/lock.ts'
import { listSessions, readSession } from '../../../src/store/session.ts'
import { type Drydock, openDrydock } from '../../support/drydock.ts'
import { inTurn } from '../../support/inTurn.ts'
import { git, makeRepository, temporaryFolder } from '../../support/madeRepository.ts'
import { startRedis } from '../../support/redis.ts'
import { startMoto } from '../../support/store/moto.ts'

const manifest = { 'package.json': '{"name":"app","version":"1.0.0"}\n' }

/**
 * Campaigns of sessions that end before a container starts, because no manifest declares the package: what is looked at
 * here is who runs what, and how often.
 */
describe('a campaign', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>
  let drydock: Drydock
  beforeEach(async () => {
    folder = await temporaryFolder()
    drydock = await openDrydock()
  })
  afterEach(async () => {
    await drydock[Symbol.asyncDispose]()
    await folder[Symbol.asyncDispose]()
  })

  async function repositories(count: number): Promise<void> {
    for (let at = 1; at <= count; at += 1) await makeRepository(join(folder.path, `app-${at}`), manifest)
  }

  async function file(text: string): Promise<string> {
    const path = join(folder.path, 'campaign.yaml')
    await writeFile(path, `name: light\nupdate: left-pad\n${text}`)
    return path
  }

  const stateOf = (stdout: string) => {
    const { standing: _, ...state } = JSON.parse(stdout) as Record<string, unknown>
    return CampaignState.parse(state)
  }

  it('names what it cannot reach and what fails, and keeps none of the others from it', async () => {
    await repositories(3)
    await mkdir(join(folder.path, 'app-none'))
    await git(folder.path, 'clone', '-q', '--bare', 'app-1', 'remote.git')
    const path = await file(
      `repositories: ['app-*', app-none, 'file://${folder.path}/remote.git', 'http://127.0.0.1:1/a/b.git']\n`,
    )
    const ended = await drydock.run(['fleet', 'submit', path, '--json'])
    equal(ended.code, 4, ended.stderr)
    const state = stateOf(ended.stdout)
    deepEqual(
      state.jobs.map(({ job, outcome, failure }) => [job.repository, outcome, failure?.code]),
      ['app-1', 'app-2', 'app-3', 'remote'].map((name) => [name, 'setup-failed', 'not-a-dependency']),
    )
    deepEqual(
      state.unreachable.map(({ failure }) => failure.code),
      ['not-a-repository', 'repository-unreachable'],
    )
    const sessions = join(drydock.home, 'sessions')
    equal((await listSessions(sessions)).length, 4)

    // The same again is the same campaign: nothing of it is begun twice.
    equal((await drydock.run(['fleet', 'submit', path])).code, 4)
    equal((await listSessions(sessions)).length, 4)
    equal((await drydock.run(['fleet', 'retry', 'light', 'app-2'])).code, 4)
    equal((await listSessions(sessions)).length, 5)
    const status = await drydock.run(['fleet', 'status', 'light'])
    match(
      status.stdout,
      /Stage {2}ended\n.*4 not declared[\s\S]*4 {2}setup-failed \(not-a-dependency\)\n\nNext: drydock fleet retry light/,
    )
  })

  inTurn(0, 3)(
    'refuses a bad file with its line, another task under the same name, and a quota without a queue',
    async () => {
      await repositories(1)
      const bad = await drydock.run(['fleet', 'submit', await file('repositories: []\n')])
      deepEqual(
        [bad.code, bad.stderr.split('\n')[0]?.startsWith('bad-campaign: campaign.yaml, line 3: ')],
        [2, true],
      )
      const good = await file('repositories: [app-1]\n')
      equal((await drydock.run(['fleet', 'submit', good])).code, 4)
      await writeFile(good, 'name: light\nupdate: right-pad\nrepositories: [app-1]\n')
      match((await drydock.run(['fleet', 'submit', good])).stderr, /^bad-campaign: There is a campaign light/)
      const quota = await file('repositories: [app-1]\nlimits: { perOrganisation: 1 }\n')
      match((await drydock.run(['fleet', 'submit', quota])).stderr, /^needs-queue: /)
      match((await drydock.run(['fleet', 'worker'])).stderr, /^needs-queue: /)
      match((await drydock.run(['fleet', 'status', 'other'])).stderr, /^no-such-campaign: /)
      match((await drydock.run(['fleet', 'status', '../light'])).stderr, /^no-such-campaign: /)
    },
  )

  inTurn(1, 3)('shows beforehand what would be done, and does nothing', async () => {
    await repositories(2)
    const path = await file("repositories: ['app-*']\n")
    const shown = await drydock.run(['fleet', 'submit', path, '--preview'])
    match(shown.stdout, /app-2 .*No manifest declares left-pad/)
    match(shown.stdout, /at most \$0; no past session says more\nNothing was run\.\n/)
    deepEqual(await listSessions(join(drydock.home, 'sessions')), [])
    match((await drydock.run(['fleet', 'status'])).stdout, /No campaign yet/)
  })

  inTurn(2, 3)('stops at canaries that failed, and goes on where a person says so', async () => {
    await repositories(3)
    const path = await file("repositories: ['app-*']\ncanary: { repositories: 1 }\n")
    const held = stateOf((await drydock.run(['fleet', 'submit', path, '--json'])).stdout)
    deepEqual(
      held.jobs.map(({ status }) => status),
      ['ended', 'waiting', 'waiting'],
    )
    match((await drydock.run(['fleet', 'resume', 'light'])).stdout, /waits for its canaries, of which 0 of 1/)
    const on = await drydock.run(['fleet', 'resume', 'light', '--past-canary', '--json'])
    deepEqual(new Set(stateOf(on.stdout).jobs.map(({ status }) => status)), new Set(['ended']))
  })

  it('goes on after its process was killed, and begins again what died with it', async () => {
    await repositories(3)
    const path = await file("repositories: ['app-*']\n")
    const log = openCampaignLog(campaignsHome(join(drydock.home, 'sessions')), 'light', () => new Date())
    const first = drydock.start(['fleet', 'submit', path])
    await until(async () =>
      (await log.readSince(undefined)).events.some(({ type }) => type === 'job.started'),
    )
    first.child.kill('SIGKILL')
    await first.ended
    const state = stateOf((await drydock.run(['fleet', 'resume', 'light', '--json'])).stdout)
    deepEqual(new Set(state.jobs.map(({ outcome }) => outcome)), new Set(['setup-failed']))
    await eachOnce(drydock, state)
    equal((await drydock.run(['fleet', 'cancel', 'light'])).code, 0)
    match(
      (await drydock.run(['fleet', 'resume', 'light'])).stderr,
      /^session-state: Campaign light is cancelled/,
    )
  })

  it('does what the editor asks of it, and answers in one line, whoever runs it', async () => {
    await repositories(2)
    const path = await file("repositories: ['app-*']\ncanary: { repositories: 1 }\n")
    equal((await drydock.run(['fleet', 'submit', path])).code, 4)
    const ask = async (action: string, name = 'light') => {
      const request = { do: 'campaign', campaign: name, action }
      const input = JSON.stringify({ v: 1, request, secrets: {} })
      const { stdout } = await drydock.start(['run', '--task', '-'], {}, input).ended
      return JSON.parse(stdout)
    }
    const sessions = join(drydock.home, 'sessions')
    // The first failed, so that the second waits: it is begun by the word, in this process, to its end.
    equal((await listSessions(sessions)).length, 1)
    deepEqual(await ask('pass-canaries'), { ok: true })
    equal((await listSessions(sessions)).length, 2)
    deepEqual(await ask('retry'), { ok: true })
    equal((await listSessions(sessions)).length, 4)
    const folder = join(campaignsHome(sessions), 'light')
    const lock = await acquireLock(folder, (socket) => socket.destroy())
    // Whoever holds it begins them by the same log.
    deepEqual(await ask('retry'), { ok: true })
    await lock.release()
    equal((await listSessions(sessions)).length, 4)
    deepEqual(await ask('cancel'), { ok: true })
    equal((await ask('resume')).failure.code, 'session-state')
    equal((await ask('pause', 'none')).failure.code, 'no-such-campaign')
  })

  it('is run by workers: one killed, the queue restarted, and every repository once', async function () {
    this.timeout(120_000)
    await repositories(6)
    await using redis = await startRedis()
    await using moto = await startMoto()
    const env = { DRYDOCK_REDIS_URL: redis.url, ...moto.env('team') }
    const path = await file("repositories: ['app-*']\nlimits: { concurrency: 2, restarts: 5 }\n")
    equal((await drydock.run(['fleet', 'submit', path], env)).code, 0)
    const worker = () => drydock.start(['fleet', 'worker', '--until-done', '--lease-seconds', '2'], env)
    const state = async () => stateOf((await drydock.run(['fleet', 'status', 'light', '--json'], env)).stdout)
    const doomed = worker()
    await until(async () => (await state()).jobs.some(({ sessions }) => sessions.length > 0))
    doomed.child.kill('SIGKILL')
    const others = [worker(), worker()]
    await redis.restart()
    for (const { ended } of others) equal((await ended).code, 0)
    const end = await state()
    deepEqual(new Set(end.jobs.map(({ outcome }) => outcome)), new Set(['setup-failed']))
    await eachOnce(drydock, end)
    await seenElsewhere(end, env)
  })

  it('is left by a worker that is told to end, although its queue is gone', async () => {
    const redis = await startRedis()
    const { child, ended } = drydock.start(['fleet', 'worker'], { DRYDOCK_REDIS_URL: redis.url })
    await once(child.stdout ?? child, 'data')
    await redis[Symbol.asyncDispose]()
    child.kill('SIGTERM')
    equal((await ended).code, 0)
  })
})

/** Another machine, as far as a home of its own makes one: it has what was shipped, and says where it came from. */
async function seenElsewhere({ jobs }: CampaignState, env: NodeJS.ProcessEnv): Promise<void> {
  await using elsewhere = await openDrydock()
  const brought = await elsewhere.run(['fleet', 'fetch', 'light'], env)
  match(brought.stdout, /6 brought here\.\n$/)
  const view = await elsewhere.session(['show', jobs[0]?.session ?? ''], env)
  equal(view.outcome, 'setup-failed')
  equal(typeof view.imported?.at, 'string')
  match((await elsewhere.run(['fleet', 'fetch', 'light'], env)).stdout, /0 brought here\.\n$/)
  match((await elsewhere.run(['sessions'], env)).stdout, /could not be set up, ended elsewhere/)
}

/** Each job has one session that counts, all others of it died, and no session belongs to none. */
async function eachOnce(drydock: Drydock, { jobs }: CampaignState): Promise<void> {
  const sessions = join(drydock.home, 'sessions')
  const known = new Set(jobs.flatMap(({ sessions }) => sessions))
  for (const id of await listSessions(sessions)) {
    const { outcome, alive } = await readSession(sessions, id)
    equal(alive, false, id)
    equal(known.has(id), true, `${id} belongs to no job`)
    const counts = jobs.some(({ session }) => session === id)
    if (!counts) equal(outcome, 'interrupted', id)
  }
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 20))
}
