import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as after } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import type { CampaignState } from '../../src/contract/fleet/state.ts'
import { connectRedis } from '../../src/runner/fleet/redis/connection.ts'
import { openLedger } from '../../src/runner/fleet/redis/ledger.ts'
import { redisLog } from '../../src/runner/fleet/redis/log.ts'
import { campaignNow, campaignsHome, openCampaignLog } from '../../src/store/campaign.ts'
import { listSessions, readSession } from '../../src/store/session.ts'
import { playedBy } from '../support/drydock.ts'
import { leftovers } from '../support/leftovers.ts'
import { startModel } from '../support/model/server.ts'
import { linkTo, startRedis } from '../support/redis.ts'
import {
  agentTurn,
  type CampaignKind,
  campaigns,
  expected,
  judgeTurn,
  makeWorld,
  rateLimits,
} from './world.ts'

const usage = `npm run test:fleet -- [--repositories 200] [--concurrency 1] [--lease 40] [--cut 30] [--cap 60] [--every 10] [--maven 20] [--light] [--here] [--undisturbed] [--workers 2]
A real Redis, real git repositories (one in --every is broken in a known way, one in --maven is built by
Maven and belongs to a campaign of its own on the same queue), a played model that refuses one request in
five, two workers. One worker is killed twice, Redis is killed once, and the way to it is cut for --cut seconds. All must
end in a named outcome, none twice, within the cap, with nothing left on the engine. Needs the engine and redis-server.
--undisturbed: --workers of them, to measure what another one brings.
--here: without a queue, in one process, undisturbed.
--light: no repository declares the package, so that sessions end before a container starts.`

const program = join(import.meta.dirname, '../../dist/drydock.mjs')

/** Of all campaigns together. */
type Seen = Pick<CampaignState, 'jobs' | 'costUsd'>

interface Fleet {
  readonly env: NodeJS.ProcessEnv
  readonly state: () => Promise<Seen>
}

interface Submitted {
  readonly name: string
  readonly file: string
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      repositories: { type: 'string', default: '200' },
      concurrency: { type: 'string', default: '1' },
      lease: { type: 'string', default: '40' },
      cut: { type: 'string', default: '30' },
      cap: { type: 'string', default: '60' },
      every: { type: 'string', default: '10' },
      maven: { type: 'string', default: '20' },
      workers: { type: 'string', default: '2' },
      undisturbed: { type: 'boolean', default: false },
      light: { type: 'boolean', default: false },
      here: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return say(usage)
  const folder = await mkdtemp(join(tmpdir(), 'drydock-fleet-'))
  say(`Everything of it lies in ${folder}`)
  const world = await makeWorld(folder, {
    count: Number(values.repositories),
    light: values.light,
    every: Number(values.every),
    maven: Number(values.maven),
  })
  const submitted = await campaignFiles(folder, values, world)
  const model = await startModel({ agent: agentTurn, judge: judgeTurn, faults: rateLimits() })
  const home = join(folder, 'home')
  const env = { ...process.env, DRYDOCK_HOME: home, NO_COLOR: '1', ...playedBy(model) }
  const began = Date.now()
  const { state, standing } = values.here ? await here(submitted, env) : await queued(submitted, env, values)
  say(`\nAll ended after ${Math.round((Date.now() - began) / 1000)} s.`)
  const refused = model.requests.filter(({ status }) => status === 429).length
  say(`The model was asked ${model.requests.length} times, and refused ${refused} of them.`)
  await model.close()
  return report(await breaches(state, world, join(home, 'sessions'), standing, Number(values.cap)), state)
}

interface Values {
  readonly concurrency: string
  readonly lease: string
  readonly cut: string
  readonly cap: string
  readonly workers: string
  readonly undisturbed: boolean
}

/** Those that have repositories. */
async function campaignFiles(
  folder: string,
  { concurrency, workers, cap }: Values,
  world: ReadonlyMap<string, unknown>,
): Promise<readonly Submitted[]> {
  const most = Number(workers) * Number(concurrency)
  const limits = `{ concurrency: ${most}, campaignUsd: ${cap}, dayUsd: ${cap}, restarts: 6 }`
  const patience = { npm: 30_000, maven: 300_000 }
  const files = Object.entries(campaigns).flatMap(([kind, { name, update, folder: place }]) => {
    const isOfIt = (one: string) => one.startsWith(kind === 'maven' ? 'library-' : 'app-')
    if (![...world.keys()].some(isOfIt)) return []
    const settings = `{ budgetUsd: 1, verifyTimeoutMs: ${patience[kind as CampaignKind]}, maxAttempts: 1, flakeReruns: 0, minimiseMs: 0 }`
    const lines = [
      `name: ${name}`,
      `update: ${update}`,
      `repositories: ['${place}/*']`,
      `limits: ${limits}`,
      `settings: ${settings}`,
    ]
    return [{ name, file: join(folder, `${name}.yaml`), text: `${lines.join('\n')}\n` }]
  })
  for (const { file, text } of files) await writeFile(file, text)
  return files
}

interface Ended {
  readonly state: Seen
  readonly standing: { readonly spentUsd: number; readonly heldUsd: number }
}

function together(states: readonly Seen[]): Seen {
  return {
    jobs: states.flatMap(({ jobs }) => jobs),
    costUsd: states.reduce((sum, { costUsd }) => sum + costUsd, 0),
  }
}

async function here(submitted: readonly Submitted[], env: NodeJS.ProcessEnv): Promise<Ended> {
  const states: Seen[] = []
  for (const { name, file } of submitted) {
    await once(run(['fleet', 'submit', file], env), 'exit')
    const home = campaignsHome(join(env.DRYDOCK_HOME ?? '', 'sessions'))
    states.push(
      await campaignNow(
        openCampaignLog(home, name, () => new Date()),
        name,
      ).state(),
    )
  }
  const state = together(states)
  return { state, standing: { spentUsd: state.costUsd, heldUsd: 0 } }
}

async function queued(
  submitted: readonly Submitted[],
  plain: NodeJS.ProcessEnv,
  values: Values,
): Promise<Ended> {
  await using redis = await startRedis()
  await using link = await linkTo(redis.port)
  await using connected = await connectRedis(redis.url)
  const logs = submitted.map(({ name }) =>
    campaignNow(
      redisLog(connected.redis, name, () => new Date()),
      name,
    ),
  )
  const env = { ...plain, DRYDOCK_REDIS_URL: `redis://127.0.0.1:${link.port}` }
  const state = async () => together(await Promise.all(logs.map((log) => log.state())))
  for (const { file } of submitted) {
    const [submitting] = await once(run(['fleet', 'submit', file], env), 'exit')
    if (submitting !== 0) throw new Error(`submit ended with ${submitting}`)
  }
  const fleet: Fleet = { env, state }
  if (values.undisturbed) await undisturbed(fleet, values)
  else await disturbed(fleet, values, { restart: redis.restart, cut: link.cut, mend: link.mend })
  const ledger = openLedger(connected.redis)
  const standings = await Promise.all(submitted.map(({ name }) => ledger.standing(name)))
  return {
    state: await state(),
    standing: {
      spentUsd: standings.reduce((sum, { spentUsd }) => sum + spentUsd, 0),
      heldUsd: standings.reduce((sum, { heldUsd }) => sum + heldUsd, 0),
    },
  }
}

function workerArguments({ concurrency, lease }: Values): readonly string[] {
  return ['fleet', 'worker', '--concurrency', concurrency, '--lease-seconds', lease, '--until-done']
}

async function undisturbed({ env }: Fleet, values: Values): Promise<void> {
  const workers = Array.from({ length: Number(values.workers) }, () => run(workerArguments(values), env))
  await Promise.all(workers.map((worker) => once(worker, 'exit')))
}

interface Disturbers {
  readonly restart: () => Promise<void>
  readonly cut: () => void
  readonly mend: () => void
}

/** Two workers until nothing is left; what is done to them comes at shares of the work. */
async function disturbed(fleet: Fleet, values: Values, { restart, cut, mend }: Disturbers): Promise<void> {
  const start = (): ChildProcess => run(workerArguments(values), fleet.env)
  const steady = start()
  let doomed = start()
  const killed = async (): Promise<void> => {
    await reached(fleet, (state) =>
      state.jobs.some(
        ({ status, worker }) => status === 'running' && worker?.endsWith(`:${doomed.pid}`) === true,
      ),
    )
    doomed.kill('SIGKILL')
    await once(doomed, 'exit')
    say(`-- worker ${doomed.pid} is killed in the middle of a session`)
    doomed = start()
  }
  const share = (part: number) =>
    reached(fleet, ({ jobs }) => jobs.filter(({ status }) => status === 'ended').length >= jobs.length * part)
  await share(0.15)
  await killed()
  await share(0.35)
  await restart()
  say('-- Redis is killed and started again')
  await share(0.5)
  await killed()
  await share(0.7)
  cut()
  say(`-- the way to Redis is cut for ${values.cut} s`)
  await after(Number(values.cut) * 1000)
  mend()
  say('-- and mended')
  await share(1)
  for (const worker of [steady, doomed])
    if (worker.exitCode === null) {
      const gone = once(worker, 'exit')
      worker.kill('SIGTERM')
      await gone
    }
}

async function reached(fleet: Fleet, holds: (state: Seen) => boolean): Promise<void> {
  while (!holds(await fleet.state())) await after(200)
}

function run(args: readonly string[], env: NodeJS.ProcessEnv): ChildProcess {
  return spawn(process.execPath, [program, ...args], { env, stdio: ['ignore', 'inherit', 'inherit'] })
}

async function breaches(
  { jobs, costUsd }: Seen,
  world: ReadonlyMap<string, keyof typeof expected>,
  sessions: string,
  standing: { readonly spentUsd: number; readonly heldUsd: number },
  cap: number,
): Promise<readonly string[]> {
  const found: string[] = []
  if (jobs.length !== world.size) found.push(`${jobs.length} jobs for ${world.size} repositories`)
  for (const { job, outcome, reason } of jobs) {
    const kind = world.get(job.repository) ?? 'clean'
    if (outcome === null || !expected[kind].includes(outcome))
      found.push(`${job.repository} (${kind}): ${outcome}, ${reason}`)
  }
  const counts = new Set(jobs.map(({ session }) => session))
  const known = new Set(jobs.flatMap((one) => one.sessions))
  for (const id of await listSessions(sessions)) {
    const { outcome, alive } = await readSession(sessions, id)
    if (alive === true || outcome === null) found.push(`session ${id} has no end`)
    if (!known.has(id)) found.push(`session ${id} belongs to no job`)
    if (!counts.has(id) && outcome !== 'interrupted' && outcome !== 'cancelled')
      found.push(`session ${id} (${outcome}) is a second one of its job`)
    const left = await leftovers(id)
    if (left.length > 0) found.push(`session ${id} left ${left.join(', ')}`)
  }
  if (costUsd > cap || standing.spentUsd > cap)
    found.push(`${costUsd} and ${standing.spentUsd} of ${cap} spent`)
  if (standing.heldUsd > 0) found.push(`${standing.heldUsd} are still set aside`)
  say(
    `Spent by the campaign's log ${costUsd.toFixed(4)}, by the ledger ${standing.spentUsd.toFixed(4)} of ${cap}.`,
  )
  return found
}

function report(found: readonly string[], { jobs }: Seen): number {
  const outcomes = new Map<string, number>()
  for (const { outcome } of jobs) outcomes.set(`${outcome}`, (outcomes.get(`${outcome}`) ?? 0) + 1)
  say([...outcomes].map(([outcome, count]) => `${count} ${outcome}`).join(', '))
  const again = jobs.filter(({ sessions }) => sessions.length > 1).length
  say(`${jobs.length} repositories, ${again} begun again after a worker died.`)
  for (const one of found) say(`BREACH  ${one}`)
  say(found.length === 0 ? 'No breach.' : `${found.length} breaches.`)
  return found.length === 0 ? 0 : 1
}

function say(text: string): 0 {
  process.stdout.write(`${text}\n`)
  return 0
}

process.exitCode = await main()
