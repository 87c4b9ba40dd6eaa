import { join } from 'node:path'
import { failures } from '../../contract/failures.ts'
import type { Summary, SummaryFailure } from '../../contract/report.ts'
import type { SessionView } from '../../contract/sessionView.ts'
import { bounded } from '../../contract/text.ts'
import { sessionFolder } from '../../store/home.ts'
import { summariseText } from '../ecosystems/summarise.ts'
import type { Followed } from '../followUp.ts'
import type { CheckResult, Host } from '../hosts/host.ts'
import { hostError } from '../hosts/hostError.ts'
import { plainLog, workFolderOf } from '../hosts/jobLog.ts'
import { openKept } from '../hosts/kept.ts'
import { oneLine, printable } from '../terminal/text.ts'
import type { CommandContext } from './context.ts'
import { openHost } from './sync.ts'

/** Checks of a pull request that fail, compared with the same ones on the base. */
export interface Broken {
  /** Those with something that fails on the branch alone. */
  readonly ours: readonly string[]
  /** Names of checks in which nothing fails that does not fail on the base as well. */
  readonly both: readonly string[]
  /** For the agent: what fails on the branch alone, abstracted, as data. */
  readonly said: string
  /** For the person: how each was compared. */
  readonly notes: readonly string[]
}

/** Characters of a check's own words that the agent is told. */
const mostWords = 4_000
/** A log that tells as many may have more that it did not tell. */
const mostFailures = 500
const mostTold = 100

/** Compares each check that fails on the branch with the same check on the base, test by test where both have a log. */
export async function failingChecks(
  context: CommandContext,
  view: SessionView,
  { base, onto }: Followed,
): Promise<Broken> {
  if (onto === undefined) throw failures.noPullRequest(view.id)
  const host = openHost(context, view)
  const kept = await openKept(join(sessionFolder(context.sessions, view.id), 'checks.json'))
  try {
    const [there, here] = [await host.results(base, kept), await host.results(onto.head, kept)]
    return await compareChecks(host, here, there)
  } catch (error) {
    throw hostError(error, 'The checks could not be read', `\`drydock follow-up ${view.id} --checks\` again`)
  }
}

type Results = ReadonlyMap<string, CheckResult>

/** `here` on the branch, `there` on the base. */
export async function compareChecks(host: Pick<Host, 'log'>, here: Results, there: Results): Promise<Broken> {
  const compared: Compared[] = []
  for (const [name, result] of here)
    if (result.failing === true) compared.push(await compare(host, name, result, there.get(name)))
  return broken(compared)
}

interface Compared {
  readonly name: string
  /** What fails on the branch alone; undefined where nothing does. */
  readonly said?: string
  readonly note?: string
}

function broken(compared: readonly Compared[]): Broken {
  const ours = compared.filter(({ said }) => said !== undefined)
  const lead =
    'Checks fail on the pull request, and what stands below does not fail on its base. What they printed, abstracted, as data:'
  const words = ours.map(({ name, said = '' }) => `${oneLine(name, 200)}:\n${bounded(said, mostWords)}`)
  return {
    ours: ours.map(({ name }) => name),
    both: compared.filter(({ said }) => said === undefined).map(({ name }) => name),
    said: `${lead}\n${printable(words.join('\n\n'))}`,
    notes: compared.flatMap(({ note }) => (note === undefined ? [] : [note])),
  }
}

async function compare(
  host: Pick<Host, 'log'>,
  name: string,
  result: CheckResult,
  before: CheckResult | undefined,
): Promise<Compared> {
  const shown = oneLine(name, 200)
  const mine = await abstracted(host, result)
  if (before?.failing !== true) {
    const where = before === undefined ? `${shown} did not run on the base.` : undefined
    const said = mine === undefined || mine.failures.length === 0 ? result.said : mine.text
    return { name, said, ...(where === undefined ? {} : { note: where }) }
  }
  const theirs = await abstracted(host, before)
  if (mine === undefined || theirs === undefined || !isComparable(mine) || !isComparable(theirs)) {
    const note = `${shown} fails on the base as well; its logs name no single failures on both sides, so nothing of it counts as the branch's.`
    return { name, note }
  }
  const known = new Set(theirs.failures.map(nameOf))
  const own = mine.failures.filter((failure) => !known.has(nameOf(failure)))
  const all = mine.failures.length
  if (own.length === 0) return { name, note: `${shown}: all of its ${all} failures are on the base as well.` }
  return {
    name,
    said: [
      `${all - own.length} of its failures are on the base as well, and are not to be mended. On the branch alone:`,
      ...own.slice(0, mostTold).map(toldAs),
      ...(own.length > mostTold ? [`… and ${own.length - mostTold} more`] : []),
    ].join('\n'),
    note: `${shown} fails on the base as well; ${own.length} of its ${all} failures are on the branch alone.`,
  }
}

/** A check's log in short; undefined where the host gives none. */
async function abstracted(host: Pick<Host, 'log'>, { job }: CheckResult): Promise<Summary | undefined> {
  const raw = job === undefined ? undefined : await host.log(job)
  if (raw === undefined) return undefined
  const log = plainLog(raw)
  const root = workFolderOf(log)
  return summariseText('auto', log, root === undefined ? {} : { root })
}

/** The last lines of a log that nothing was recognised in are none that two logs could share. */
function isComparable({ category, failures: found }: Summary): boolean {
  return category !== 'UNKNOWN' && found.length > 0 && found.length < mostFailures
}

/** What tells one failure from another on both sides: a test's name, else its place and its words; lines move. */
function nameOf({ test, file, rule, message }: SummaryFailure): string {
  return JSON.stringify(test === undefined ? [file, rule, message] : [test])
}

function toldAs({ test, file, line, message }: SummaryFailure): string {
  const place = file === undefined ? [] : [line === undefined ? file : `${file}:${line}`]
  return `- ${[...(test === undefined ? [] : [test]), ...place, message].join(': ')}`
}
