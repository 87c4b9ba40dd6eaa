import { basename } from 'node:path'
import { type Failure, toFailure } from '../../contract/failure.ts'
import { failures } from '../../contract/failures.ts'
import { doubt, isProven } from '../../contract/proof.ts'
import type { SessionView } from '../../contract/sessionView.ts'
import { rowWords } from '../../contract/states/row.ts'
import { isSettled, situationOf } from '../../contract/states/situation.ts'
import { stateOf } from '../../contract/states/state.ts'
import { taskTitle } from '../../contract/task.ts'
import { listSessions, readSession } from '../../store/session.ts'
import { readPatch } from '../patch/read.ts'
import { alike, type Shape, shapeOf } from '../patch/shape.ts'
import { countsLine } from '../publish/body/checks.ts'
import { patchText } from '../terminal/summary.ts'
import { coloured, table } from '../terminal/tables.ts'
import { oneLine } from '../terminal/text.ts'
import { columnsOf, widthOf, wrapped } from '../terminal/wrap.ts'
import { type CommandContext, printJson } from './context.ts'
import { exitCodes } from './exitCode.ts'
import { openFleet } from './fleet/fleet.ts'
import { stateOfCampaign } from './fleet/place.ts'
import { publishSession } from './publish.ts'
import { rejectSession } from './reject.ts'

export interface AlikeFlags {
  /** Only sessions of this campaign. */
  readonly campaign?: string
  readonly approve?: string
  readonly reject?: string
  readonly reason?: string
  readonly acknowledge: readonly string[]
  readonly withoutJudge?: boolean
  readonly json?: boolean
}

/** A session that waits, with the shape of its patch. */
interface Waiting {
  readonly view: SessionView
  readonly shape: Shape
}

/** `drydock alike`: what waits for review, by what it changes; `--approve` publishes those of one shape that prove it. */
export async function alikeCommand(context: CommandContext, flags: AlikeFlags): Promise<number> {
  const { approve, reject } = flags
  if (approve !== undefined && reject !== undefined)
    throw failures.badUsage('Give --approve or --reject, not both.')
  const groups = alike(await waiting(context, flags.campaign))
  if (approve !== undefined)
    return await onEach(context, groupOf(groups, approve), flags, (view) => published(context, view, flags))
  if (reject !== undefined)
    return await onEach(context, groupOf(groups, reject), flags, (view) => rejected(context, view, flags))
  if (flags.json === true) printJson(context, groups.map(groupJson))
  else if (groups.length === 0) context.stdout.write('No session waits for review.\n')
  else context.stdout.write(groups.map((one) => groupPart(context, one)).join(''))
  return exitCodes.done
}

type Group = ReturnType<typeof alike<Waiting>>[number]

/** A session that cannot be read is its own trouble: `drydock sessions` says so. */
async function waiting(context: CommandContext, campaign: string | undefined): Promise<readonly Waiting[]> {
  const found: Waiting[] = []
  const ids = campaign === undefined ? await listSessions(context.sessions) : await idsOf(context, campaign)
  for (const id of ids) {
    const view = await readSession(context.sessions, id).catch(() => undefined)
    if (view?.outcome !== 'awaiting-review' || view.imported !== undefined || view.patch === null) continue
    const text = await patchText(context, view).catch(() => undefined)
    if (text !== undefined)
      found.push({ view, shape: shapeOf(readPatch(text, view.patch.baseCommit), subjectOf(view)) })
  }
  return found
}

/** What a session is for: an update to one version, or one prompt. */
function subjectOf({ task, to }: SessionView): string {
  return task.kind === 'dependency-update'
    ? `${task.package} ${to ?? task.requested}`
    : `${task.title}: ${task.prompt}`
}

/** Throws `no-such-campaign`. */
async function idsOf(context: CommandContext, campaign: string): Promise<readonly string[]> {
  await using fleet = await openFleet(context)
  const { jobs } = await stateOfCampaign(fleet, campaign)
  return jobs.flatMap(({ session }) => session ?? [])
}

const mostLines = 30

function groupPart({ colors: c, stdout }: CommandContext, { shape, members }: Group): string {
  const { lines } = shape
  const shown = lines.slice(0, mostLines).map((line) => `  ${oneLine(line, 200)}`)
  const more = lines.length > shown.length ? [c.dim(`  … and ${lines.length - shown.length} more`)] : []
  const rows = members.map(({ view }) => [
    view.id,
    oneLine(basename(view.task.repository.root), 30),
    stateWords(view, c),
    countsLine(view) || 'no test by name',
    notYet(view) ?? '',
  ])
  const size = members.length === 1 ? '1 session' : `${members.length} sessions`
  const what = members[0] === undefined ? '' : oneLine(taskTitle(members[0].view.task), 60)
  return `\n${c.bold(`Shape ${shape.id}`)}  ${size}  ${what}\n${wrapped([...shown, ...more].join('\n'), columnsOf(stdout))}\n\n${table(['session', 'repository', 'state', 'tests', 'why not yet'], rows, c, widthOf(stdout))}\n`
}

function stateWords(view: SessionView, c: CommandContext['colors']): string {
  const situation = situationOf(view, { settled: isSettled(view) })
  return coloured(stateOf(situation).tone, c)(rowWords(situation).join(', '))
}

function groupJson({ shape, members }: Group): object {
  return {
    shape: shape.id,
    lines: shape.lines,
    sessions: members.map(({ view }) => ({
      ...{ id: view.id, repository: view.task.repository.root, patch: view.patch?.digest },
      ...{ counts: view.matrix?.counts ?? null, notYet: notYet(view) ?? null },
    })),
  }
}

/** What no look at another session makes up for. */
function notYet(view: SessionView): string | undefined {
  return isProven(view.matrix) ? undefined : oneLine(doubt(view.matrix), 120)
}

interface Told {
  readonly id: string
  readonly branch?: string
  readonly pullRequest?: string
  readonly rejected?: true
  readonly failure?: Failure
}

function groupOf(groups: readonly Group[], wanted: string): Group {
  const group = groups.find(({ shape }) => shape.id === wanted)
  if (group !== undefined) return group
  throw failures.badUsage(`No session that waits for review has the shape ${oneLine(wanted, 40)}.`)
}

/** One that is refused holds up no other. */
async function onEach(
  context: CommandContext,
  { members }: Group,
  { json }: AlikeFlags,
  act: (view: SessionView) => Promise<Omit<Told, 'id'>>,
): Promise<number> {
  const told: Told[] = []
  for (const { view } of members) {
    const done = await act(view).catch((error: unknown) => {
      if (context.signal.aborted) throw error
      return { failure: toFailure(error) }
    })
    const one = { id: view.id, ...done }
    told.push(one)
    if (json !== true) context.stdout.write(`${toldLine(context, one)}\n`)
  }
  if (json === true) printJson(context, told)
  return told.some(({ failure }) => failure !== undefined) ? exitCodes.refused : exitCodes.done
}

/** By the digest that was looked at, and by the session's own checks, verdict and warnings: they may refuse it. */
async function published(
  context: CommandContext,
  { id, patch }: SessionView,
  { acknowledge, withoutJudge }: AlikeFlags,
): Promise<Omit<Told, 'id'>> {
  const done = await publishSession(context, id, {
    ...{ acknowledge, withoutJudge: withoutJudge === true, unverified: false, quiet: true },
    ...(patch === null ? {} : { shown: patch }),
  })
  const url = done.pullRequest?.url
  return {
    ...(done.branch === null ? {} : { branch: done.branch }),
    ...(url === undefined ? {} : { pullRequest: url }),
  }
}

async function rejected(
  context: CommandContext,
  { id }: SessionView,
  { reason = '' }: AlikeFlags,
): Promise<Omit<Told, 'id'>> {
  await rejectSession(context, id, reason)
  return { rejected: true }
}

function toldLine(
  { colors: c }: CommandContext,
  { id, pullRequest, branch, rejected, failure }: Told,
): string {
  if (failure !== undefined) return `${c.red('✖')} ${id}  ${failure.code}: ${oneLine(failure.message, 200)}`
  const done = rejected === true ? 'rejected' : (pullRequest ?? branch ?? 'published')
  return `${c.green('✔')} ${id}  ${oneLine(done, 200)}`
}
