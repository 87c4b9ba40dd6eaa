import { accountsOf } from '../../contract/account.ts'
import { codemodLine } from '../../contract/codemod.ts'
import { lockfileNames } from '../../contract/ecosystems/index.ts'
import type { Signature } from '../../contract/events.ts'
import { minimisedLine } from '../../contract/minimised.ts'
import { money } from '../../contract/money.ts'
import { placeLine } from '../../contract/places.ts'
import { seenLine } from '../../contract/pullRequestSeen.ts'
import { threadName, threadPlace } from '../../contract/reviewThread.ts'
import type { SessionView } from '../../contract/sessionView.ts'
import { isSettled, situationOf } from '../../contract/states/situation.ts'
import { workedMs } from '../../contract/states/stages.ts'
import { stateOf } from '../../contract/states/state.ts'
import { taskTitle } from '../../contract/task.ts'
import { bounded } from '../../contract/text.ts'
import { readArtifact } from '../../store/artifacts.ts'
import { sessionFolder } from '../../store/home.ts'
import type { CommandContext } from '../commands/context.ts'
import { nextStep } from '../commands/nextStep.ts'
import type { Colors } from './colors.ts'
import { colouredDiff } from './diff.ts'
import { failureLog } from './failureLog.ts'
import { namingSession } from './namingSession.ts'
import { newBasePart } from './newBase.ts'
import { coloured, lastRunOf, matrixTable, verdictLines, warningLines } from './tables.ts'
import { duration, oneLine, printable } from './text.ts'
import { whyPart } from './why.ts'
import { columnsOf, widthOf, wrapped } from './wrap.ts'

/** Characters of an account that a summary shows. */
const mostAccount = 2_000

/** Lines of a diff that a summary shows before it points to `drydock diff`. */
const mostDiffLines = 120

/** All a person needs to decide: task, outcome, matrix, diff, warnings, judge, cost. */
export async function sessionSummary(context: CommandContext, view: SessionView): Promise<string> {
  const { colors: c } = context
  const parts = [heading(view, context)]
  if (view.imported?.elsewhere !== undefined) parts.push(elsewherePart(view.imported, context))
  const why = whyPart(view, c)
  if (why !== '') parts.push(why)
  if ((view.places ?? []).length > 0) parts.push(placesPart(view, context))
  const change = view.patch === null ? undefined : await diffPart(context, view)
  if (change !== undefined) parts.push(change)
  if (view.matrix !== null)
    parts.push(matrixTable(view.matrix, c, lastRunOf(view.patch?.source), widthOf(context.stdout)))
  // What the update alone broke stands above already.
  const { repair, dropped } = view.reports
  const isTold = (view.why?.failures?.list.length ?? 0) > 0 && repair === undefined && dropped === undefined
  const failing = isTold ? '' : failedSteps(view)
  if (failing !== '') parts.push(failing)
  const base = basePart(view, context)
  if (base !== '') parts.push(base)
  if (view.dropping !== undefined) parts.push(halfDropped(view, c))
  if (view.warnings.length > 0) parts.push(`${c.bold('Warnings')}\n${warningLines(view.warnings, c)}`)
  if (view.minimised !== null)
    parts.push(c.dim(`Looked for what is not needed: ${minimisedLine(view.minimised)}`))
  if (view.codemod !== undefined)
    parts.push(`${c.bold('Codemod')}  ${oneLine(codemodLine(view.codemod), 600)}`)
  const accounts = accountsPart(view, context)
  if (accounts !== '') parts.push(accounts)
  if (view.verdict !== null) parts.push(verdictLines(view.verdict, c))
  parts.push(newBasePart(view, context))
  if (view.refused !== undefined) parts.push(refusedPart(view.refused, context))
  if (view.branch !== null) parts.push(`${c.bold('Branch')}  ${view.branch}`)
  if (view.pullRequest?.url !== undefined)
    parts.push(`${c.bold('Pull request')}  ${oneLine(view.pullRequest.url, 200)}`)
  if (view.seen !== undefined) parts.push(seenPart(view, view.seen, context))
  if (view.task.threads !== undefined) parts.push(threadsPart(view, view.task.threads, context))
  if (view.pullRequest?.signature !== undefined)
    parts.push(`${c.bold('Signature')}  ${signatureLine(view.pullRequest.signature)}`)
  parts.push(c.dim(footing(view)))
  // What came of it, and what to do, is what stands right above the prompt.
  parts.push(await ending(view, context))
  const columns = columnsOf(context.stdout)
  const shown = parts
    .filter((part) => part !== '')
    .map((part) => (part === change ? part : wrapped(part, columns)))
  return `\n${shown.join('\n\n')}\n`
}

/** Where it is, how old what stands here is, and a person's word that is on its way there. */
function elsewherePart(
  { at, elsewhere }: NonNullable<SessionView['imported']>,
  { colors: c }: CommandContext,
): string {
  const { worker = '', campaign = '', decision } = elsewhere ?? {}
  const place = `${oneLine(worker, 100)}, campaign ${oneLine(campaign, 80)}`
  const word = { approve: 'approved', reject: 'rejected' } as const
  const said =
    decision === undefined
      ? ''
      : `\n  ${word[decision.verdict]} by ${oneLine(decision.by, 100)}, not taken there yet`
  return `${c.bold('On another machine')}  ${place}  ${c.dim(`fetched ${at.slice(0, 16)}Z`)}${said}`
}

/** A word of a person on another machine that did not hold. */
function refusedPart(
  { by, verdict, reason }: NonNullable<SessionView['refused']>,
  { colors: c }: CommandContext,
): string {
  const what = verdict === 'approve' ? 'The approval' : 'The rejection'
  return `${c.yellow('!')} ${what} by ${oneLine(by, 100)} was not taken: ${oneLine(reason, 400)}`
}

/** What people said that the session took up, and whether it is answered. */
function threadsPart(
  { answers = [] }: SessionView,
  threads: NonNullable<SessionView['task']['threads']>,
  { colors: c }: CommandContext,
): string {
  const lines = threads.map((thread, index) => {
    const answer = answers.find((one) => one.thread === thread.id)
    const state =
      answer === undefined
        ? 'not answered yet'
        : answer.changed
          ? 'answered'
          : 'answered, nothing changed there'
    const who = oneLine(`${thread.author}, ${threadPlace(thread)}`, 120)
    return `  ${threadName(index)}  ${who}: ${oneLine(thread.text, 160)}  ${c.dim(state)}`
  })
  return `${c.bold('Threads of its review')}\n${lines.join('\n')}`
}

/** What the host said when it was last asked, and when that was. */
function seenPart(
  { commit }: SessionView,
  seen: NonNullable<SessionView['seen']>,
  { colors: c }: CommandContext,
): string {
  const said = [seen.state, seenLine(seen, commit)].filter((part) => part !== '').join(', ')
  const failing = seen.checks.failing.map((name) => `\n  ${c.red('✖')} ${oneLine(name, 100)}`).join('')
  return `${c.bold('At the host')}  ${oneLine(said, 200)}  ${c.dim(`asked ${seen.at.slice(0, 16)}Z`)}${failing}`
}

/** What the host says of the commit's signature. */
export function signatureLine({ verified, reason }: Signature): string {
  if (verified) return 'the host has verified it'
  return reason === 'unsigned'
    ? 'the commit is not signed'
    : `the host has not verified it (${oneLine(reason, 60)})`
}

function heading(view: SessionView, { colors: c }: CommandContext): string {
  const { tone, title } = stateOf(situationOf(view, { settled: isSettled(view) }))
  const versions = view.from !== null && view.to !== null ? `  ${view.from} → ${view.to}` : ''
  const outcome = coloured(tone, c)(title)
  return `${c.bold(oneLine(taskTitle(view.task), 100))}${versions}\n${outcome}`
}

/** The outcome's reason; where it failed the code that documentation names, and the next step. */
async function ending(view: SessionView, context: CommandContext): Promise<string> {
  if (view.failure !== null) return failureLines(view, context)
  if (view.outcome === 'awaiting-review') {
    const why =
      view.reason === null || /^Waiting for review\.?$/.test(view.reason)
        ? ''
        : `${oneLine(view.reason, 1000)}\n`
    return `${why}${context.colors.bold('Next:')} ${oneLine(await nextStep(context, view), 1000)}`
  }
  const reason = view.reason === null ? '' : oneLine(view.reason, 1000)
  const next = nextOf(view)
  return [reason, next === undefined ? '' : `${context.colors.bold('Next:')} ${next}`]
    .filter((line) => line !== '')
    .join('\n')
}

/** What can be done about a session that ended short of its aim and names no failure. */
function nextOf({ id, outcome, imported }: SessionView): string | undefined {
  const again = new Set<SessionView['outcome']>([
    ...(['interrupted', 'cancelled', 'verification-failed', 'turn-limit'] as const),
    ...(['cannot-repair', 'budget-exceeded', 'vetoed', 'setup-failed'] as const),
  ])
  if (!again.has(outcome) || imported !== undefined) return undefined
  const note = outcome === 'interrupted' || outcome === 'cancelled' ? '' : ' --note "what to do differently"'
  return `drydock retry ${id}${note}`
}

/** The patch on show is still whole: that is said wherever it is. */
function halfDropped({ id, dropping = [] }: SessionView, c: Colors): string {
  const parts = dropping.map((part) => oneLine(part, 100)).join(', ')
  return `${c.yellow('!')} ${parts} was to be dropped, and what remains was never checked: drydock drop ${id} … or drydock restore ${id}`
}

/** Places beyond which a summary says how many more there are. */
const mostPlaces = 12

/** What was read back of every manifest that declares the package. */
function placesPart({ places = [] }: SessionView, { colors: c }: CommandContext): string {
  const lines = places.slice(0, mostPlaces).map((place) => `  ${oneLine(placeLine(place), 160)}`)
  const more = places.length - lines.length
  return [
    c.bold('Resolved'),
    ...lines,
    ...(more > 0 ? [c.dim(`  … and ${more} more: --json has them`)] : []),
  ].join('\n')
}

/** What happened and what to do, with the code that documentation names. */
function failureLines({ failure, id }: SessionView, { colors: c }: CommandContext): string {
  if (failure === null) return ''
  const lines = failureLog(failure).map((line) => `\n  ${c.dim(line)}`)
  return `${c.red(failure.code)}: ${oneLine(failure.message, 1000)}${lines.join('')}\n${c.bold('Next:')} ${oneLine(namingSession(failure.next, id), 1000)}`
}

async function diffPart(context: CommandContext, view: SessionView): Promise<string> {
  const { colors: c } = context
  const files = view.patch?.files ?? []
  const stat = files.map(
    (f) => `  ${printable(f.path)} ${c.green(`+${f.additions}`)} ${c.red(`-${f.deletions}`)}`,
  )
  const text = await patchText(context, view)
  const lines = readable(text).split('\n')
  const shown = colouredDiff(lines.slice(0, mostDiffLines).join('\n'), c)
  const rest = lines.length > mostDiffLines ? c.dim(`\n… the rest: drydock diff ${view.id}`) : ''
  return `${c.bold('Change')}\n${stat.join('\n')}\n\n${shown}${rest}`
}

/** Text of the session's latest patch. */
export async function patchText(context: CommandContext, view: SessionView): Promise<string> {
  if (view.patch === null) return ''
  return (await readArtifact(sessionFolder(context.sessions, view.id), view.patch.digest)).toString('utf8')
}

/** What a person reads of a diff: lock files are long and say little, object names and doubled file names nothing. */
function readable(text: string): string {
  return text
    .split(/^(?=diff --git )/m)
    .filter((part) => {
      const head = part.split('\n', 1)[0]?.replace(/"$/, '') ?? ''
      return !(head.startsWith('diff --git ') && lockfileNames.some((name) => head.endsWith(name)))
    })
    .join('')
    .replace(/^index [0-9a-f]+\.\.[0-9a-f]+.*\n(?:--- .*\n\+\+\+ .*\n)?/gm, '')
    .trimEnd()
}

function failedSteps(view: SessionView): string {
  const report = view.reports.dropped ?? view.reports.repair ?? view.reports.update
  const failed = (report?.steps ?? []).filter(({ exitCode }) => exitCode !== 0)
  return failed
    .map(({ name, summary }) => `${name}: ${printable(summary?.text ?? 'failed')}`)
    .join('\n\n')
    .slice(0, 4000)
}

/** The agent's own words of each attempt; whoever reads them is told that nobody checked them. */
function accountsPart({ attempts }: SessionView, { colors: c }: CommandContext): string {
  const lines = accountsOf(attempts).map(
    ({ attempt, text }) =>
      `${c.dim(`attempt ${attempt}`)}\n${printable(bounded(text, mostAccount)).replaceAll(/^/gm, '  ')}`,
  )
  return lines.length === 0
    ? ''
    : `${c.bold('What the agent says')} ${c.dim('(its own account; nobody checked it)')}\n${lines.join('\n')}`
}

/** What the checks ran on, and what the base's failures have to do with it. */
function basePart(view: SessionView, { colors: c }: CommandContext): string {
  const { toolchain, notes = [], ok = true } = view.reports.base ?? {}
  const lines = [...(toolchain === undefined ? [] : [`with ${toolchain}`]), ...(ok ? [] : notes)]
  return lines.length === 0
    ? ''
    : `${c.bold('Checks')}\n${lines.map((line) => `  ${oneLine(line, 300)}`).join('\n')}`
}

function footing(view: SessionView): string {
  const of = view.task.rerun === undefined ? '' : ` · repeats ${view.task.rerun.of} for comparison`
  return `${view.id} · ${duration(workedMs(view))} · ${view.turns} agent ${view.turns === 1 ? 'turn' : 'turns'} · ${money(view.costUsd)}${of}`
}
