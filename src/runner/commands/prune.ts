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
  const before = flags.olderThan === undefined ? undefined : sinceOf(flags.olderThan, now())
  const leftovers = await findLeftovers(sessions, tmpdir(), now().getTime())
  const folders: Sized[] = []
  for (const one of leftovers) folders.push({ ...one, bytes: await sizeOf(one.path) })
  const own = new Set<string>(await listSessions(sessions))
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
    caches: flags.caches === true && !(await anyAlive(context, own)) ? await cacheFolders(cache) : [],
    sessions: engine === undefined ? [] : await abandonedSessions(engine.docker, own, now()),
    kept:
      engine === undefined || before === undefined ? [] : await keptBefore(engine.docker, Date.parse(before)),
    engine: engine !== undefined,
  }
}

/** A session at work reads and writes what is kept. */
async function anyAlive({ sessions }: CommandContext, own: ReadonlySet<string>): Promise<boolean> {
  for (const id of own) if (await isAlive(join(sessions, id)).catch(() => true)) return true
  return false
}

async function carryOut(context: CommandContext, plan: Plan, engine: Engine | undefined): Promise<void> {
  for (const { path } of [...plan.folders, ...plan.caches]) await rm(path, { recursive: true, force: true })
  for (const { path } of plan.expired) {
    // A person may have come back to it in the meantime.
    if (!(await isAlive(path).catch(() => true))) await rm(path, { recursive: true, force: true })
  }
  if (engine === undefined) return
  for (const id of plan.sessions) await sweep(engine.docker, id)
  for (const { name, remove } of plan.kept)
    if (!(await remove())) context.stdout.write(`It is in use and stays: ${name}\n`)
}

/** Ended sessions that are named; `--json` has them all. */
const mostLines = 20

function line({ path, why, bytes }: Sized): string {
  return `${megabytes(bytes)}  ${path}  (${why})`
}

function page({ folders, expired, caches, sessions, kept, engine }: Plan, yes: boolean): string {
  const all = [...folders, ...expired, ...caches]
  const lines = [
    ...[...folders, ...caches, ...expired.slice(0, mostLines)].map(line),
    ...(expired.length > mostLines ? [`… and ${expired.length - mostLines} more ended sessions`] : []),
    ...sessions.map((id) => `on the engine: what session ${id} left (its home is not this one, or gone)`),
    ...kept.map(
      ({ kind, name, bytes }) =>
        `on the engine: ${kind} ${name}${bytes === undefined ? '' : `, ${megabytes(bytes)}`}`,
    ),
    ...(engine ? [] : ['No engine answers: what lies there was not looked for.']),
  ]
  const total = megabytes(all.reduce((sum, { bytes }) => sum + bytes, 0))
  const images = kept.reduce((sum, { bytes = 0 }) => sum + bytes, 0)
  const onEngine = images === 0 ? '' : `, images of up to ${megabytes(images)} on the engine`
  const history =
    expired.length === 0 ? '' : ` ${expired.length} sessions go from every list and from \`drydock stats\`.`
  const last = yes
    ? `Removing it: ${total} on disk${onEngine}.${history}`
    : `It would free ${total} on disk${onEngine}.${history} To do so, add --yes.`
  return `${[...lines, all.length + sessions.length + kept.length > 0 ? last : 'Nothing is left behind.'].join('\n')}\n`
}

function megabytes(bytes: number): string {
  return bytes < 100_000 ? `${Math.ceil(bytes / 1000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`
}
