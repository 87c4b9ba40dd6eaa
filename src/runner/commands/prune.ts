import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isAlive } from '../../store/lock.ts'
import { listSessions } from '../../store/session.ts'
import { readFacts } from '../../store/statistics.ts'
import type { Engine } from '../docker/engine.ts'
import { type Kept, keptBefore } from '../docker/retention.ts'
import { abandonedSessions, sweep } from '../docker/sweep.ts'
import { findLeftovers, sizeOf } from '../leftovers/find.ts'
import { cacheFolders, expiredSessions, type Sized } from '../leftovers/retention.ts'
import { type CommandContext, printJson } from './context.ts'
import { engineOf } from './engine.ts'
import { exitCodes } from './exitCode.ts'
import { sinceOf } from './stats.ts'

export interface PruneFlags {
  readonly olderThan?: string
  readonly maxMb?: number
  readonly caches?: boolean
  readonly yes?: boolean
  readonly json?: boolean
}

interface Plan {
  readonly folders: readonly Sized[]
  readonly expired: readonly Sized[]
  readonly caches: readonly Sized[]
  /** Sessions at work, for which the caches stay though they were asked for. */
  readonly cachesWaitFor: readonly string[]
  /** Of dead homes, on the engine. */
  readonly sessions: readonly string[]
  readonly kept: readonly Kept[]
  readonly engine: boolean
}

/**
 * `drydock prune`: says what dead processes and sessions left on disk and engine, and on demand what is older or more than
 * is to be kept; `--yes` removes it. What belongs to a living session, or waits for a person, is neither listed nor touched.
 */
export async function prune(context: CommandContext, flags: PruneFlags): Promise<number> {
  const engine = await engineOf(context).catch(() => undefined)
  try {
    const plan = await planOf(context, flags, engine)
    if (flags.json === true) printJson(context, { removed: flags.yes === true, ...plan })
    else context.stdout.write(page(plan, flags.yes === true))
    if (flags.yes === true) await carryOut(context, plan, engine)
    return exitCodes.done
  } finally {
    engine?.close()
  }
}

async function planOf(context: CommandContext, flags: PruneFlags, engine: Engine | undefined): Promise<Plan> {
  const { sessions, cache, now } = context
  const before = flags.olderThan === undefined ? undefined : sinceOf(flags.olderThan, now(), '--older-than')
  const leftovers = await findLeftovers(sessions, tmpdir(), now().getTime())
  const folders: Sized[] = []
  for (const one of leftovers) folders.push({ ...one, bytes: await sizeOf(one.path) })
  const own = new Set<string>(await listSessions(sessions))
  const atWork = flags.caches === true ? await sessionsAtWork(context, own) : []
  const retention = {
    ...(before === undefined ? {} : { before }),
    ...(flags.maxMb === undefined ? {} : { maxBytes: flags.maxMb * 1_000_000 }),
  }
  const { facts } =
    Object.keys(retention).length === 0
      ? { facts: [] }
      : await readFacts(sessions, join(cache, 'statistics.json'))
  return {
    folders,
    expired: await expiredSessions(sessions, facts, retention),
    caches: flags.caches === true && atWork.length === 0 ? await cacheFolders(cache) : [],
    cachesWaitFor: atWork,
    sessions: engine === undefined ? [] : await abandonedSessions(engine.docker, own, now()),
    kept:
      engine === undefined || before === undefined ? [] : await keptBefore(engine.docker, Date.parse(before)),
    engine: engine !== undefined,
  }
}

/** They read and write what is kept. */
async function sessionsAtWork(
  { sessions }: CommandContext,
  own: ReadonlySet<string>,
): Promise<readonly string[]> {
  const found: string[] = []
  for (const id of own) if (await isAlive(join(sessions, id)).catch(() => true)) found.push(id)
  return found
}

async function carryOut(context: CommandContext, plan: Plan, engine: Engine | undefined): Promise<void> {
  for (const { path } of [...plan.folders, ...plan.caches]) await rm(path, { recursive: true, force: true })
  for (const { path } of plan.expired) {
    // A person may have come back to it in the meantime.
    if (!(await isAlive(path).catch(() => true))) await rm(path, { recursive: true, force: true })
  }
  if (engine === undefined) return
  for (const id of plan.sessions)
    for (const stuck of await sweep(engine.docker, id))
      context.stdout.write(`Session ${id}: ${stuck} could not be removed and stays\n`)
  for (const { name, remove } of plan.kept)
    if (!(await remove())) context.stdout.write(`It is in use and stays: ${name}\n`)
}

/** Ended sessions that are named; `--json` has them all. */
const mostLines = 20

function line({ path, why, bytes }: Sized): string {
  return `${megabytes(bytes)}  ${path}  (${why})`
}

function page(plan: Plan, yes: boolean): string {
  const { folders, expired, caches, cachesWaitFor: atWork, sessions, kept, engine } = plan
  const all = [...folders, ...expired, ...caches]
  const lines = [
    ...[...folders, ...caches, ...expired.slice(0, mostLines)].map(line),
    ...(expired.length > mostLines ? [`… and ${expired.length - mostLines} more ended sessions`] : []),
    ...sessions.map((id) => `on the engine: what session ${id} left (its home is not this one, or gone)`),
    ...kept.map(
      ({ kind, name, bytes }) =>
        `on the engine: ${kind} ${name}${bytes === undefined ? '' : `, ${megabytes(bytes)}`}`,
    ),
    ...(atWork.length === 0
      ? []
      : [
          `The caches stay: ${atWork.length === 1 ? 'session' : 'sessions'} ${atWork.join(', ')} at work ${atWork.length === 1 ? 'uses' : 'use'} them. Ask again when no session runs.`,
        ]),
    ...(engine ? [] : ['No engine answers: what lies there was not looked for.']),
  ]
  const total = megabytes(all.reduce((sum, { bytes }) => sum + bytes, 0))
  const images = kept.reduce((sum, { bytes = 0 }) => sum + bytes, 0)
  const onEngine = images === 0 ? '' : `, images of up to ${megabytes(images)} on the engine`
  const history =
    expired.length === 0
      ? ''
      : ` ${expired.length === 1 ? 'One session goes' : `${expired.length} sessions go`} from every list and from \`drydock stats\`.`
  const last = yes
    ? `Removing it: ${total} on disk${onEngine}.${history}`
    : `It would free ${total} on disk${onEngine}.${history} To do so, add --yes.`
  if (all.length + sessions.length + kept.length > 0) return `${[...lines, last].join('\n')}\n`
  const other = atWork.length === 0 ? '' : ' else'
  const nothing = engine ? `Nothing${other} is left behind.` : `On disk nothing${other} is left behind.`
  return `${[...lines, nothing].join('\n')}\n`
}

function megabytes(bytes: number): string {
  return bytes < 100_000 ? `${Math.ceil(bytes / 1000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`
}
