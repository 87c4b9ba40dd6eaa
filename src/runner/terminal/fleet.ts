import { campaignTask } from '../../contract/fleet/campaign.ts'
import type { JobOutcome, Unreachable } from '../../contract/fleet/events.ts'
import { standingWords } from '../../contract/fleet/stages.ts'
import type { CampaignState, JobState } from '../../contract/fleet/state.ts'
import { failedJob } from '../../contract/fleet/words.ts'
import { money } from '../../contract/money.ts'
import type { Colors } from './colors.ts'
import { table } from './tables.ts'
import { oneLine } from './text.ts'

/** One repository of a campaign, in a line. */
export function jobLine(one: JobState, c: Colors): string {
  const { job, session, costUsd } = one
  const why = one.status === 'ended' && failedJob(one) ? `  ${oneLine(one.reason ?? '', 120)}` : ''
  const spent = costUsd > 0 ? `  ${money(costUsd)}` : ''
  return `${oneLine(job.repository, 40)}  ${shownState(one, c)}${session === null ? '' : `  ${session}`}${spent}${why}`
}

function shownState(one: JobState, c: Colors): string {
  if (one.status !== 'ended') return one.status === 'running' ? c.cyan('running') : c.dim('waiting')
  const words = wordsOf(one)
  if (failedJob(one)) return c.red(words)
  return one.outcome === 'awaiting-review' && one.proven !== true ? c.yellow(words) : c.green(words)
}

function wordsOf({ outcome: known, proven, failure }: JobState): string {
  const outcome: JobOutcome = known ?? 'interrupted'
  // Nothing was set up, and nothing is to mend: the package is not theirs.
  if (outcome === 'setup-failed' && failure?.code === 'not-a-dependency') return 'not declared'
  if (outcome !== 'awaiting-review') return outcome
  return proven === true ? 'awaiting-review' : 'awaiting-review, no test proves it'
}

/** A campaign, and every repository of it. */
export function campaignPage(state: CampaignState, c: Colors, columns = Number.POSITIVE_INFINITY): string {
  const rows = state.jobs.map((one) => [
    oneLine(one.job.repository, 40),
    `${shownState(one, c)}${one.canary ? c.dim(' (canary)') : ''}`,
    one.session ?? '',
    money(one.costUsd),
    oneLine(one.pullRequest ?? (failedJob(one) ? (one.reason ?? '') : (one.refusal ?? '')), 70),
  ])
  const lines = [
    ...headLines(state, c),
    '',
    table(['repository', 'state', 'session', 'cost', 'why, or where'], rows, c, columns),
    ...unreachableLines(state.unreachable, c),
    ...causeLines(state, c),
    '',
    `${c.bold('Next:')} ${nextSteps(state)}`,
  ]
  return `${lines.join('\n')}\n`
}

/** What a person may do now, the nearest first. */
function nextSteps({ campaign: { name }, jobs, paused, cancelled }: CampaignState): string {
  const waits = jobs.find(({ status, outcome }) => status === 'ended' && outcome === 'awaiting-review')
  const open = jobs.some(({ status }) => status !== 'ended')
  const steps = [
    ...(open && paused && !cancelled ? [`drydock fleet resume ${name}`] : []),
    ...(waits === undefined
      ? []
      : [
          `drydock show ${waits.session ?? ''}`,
          `drydock fleet publish ${name} for what needs no word of its own`,
        ]),
    ...(jobs.some(failedJob) && !cancelled ? [`drydock fleet retry ${name} once what failed is mended`] : []),
    `drydock fleet report ${name}`,
  ]
  return steps.join('; ')
}

function headLines(state: CampaignState, c: Colors): readonly string[] {
  const { campaign, costUsd } = state
  const { long, waitsFor } = standingWords(state)
  const cap = campaign.limits.campaignUsd
  return [
    `${c.bold(campaign.name)}  ${oneLine(campaignTask(campaign), 80)}`,
    `${c.bold('Stage')}  ${long}${waitsFor === undefined ? '' : `; waits for ${waitsFor}`}`,
    `${c.bold('So far')}  ${counted(state)}; ${money(costUsd)}${cap === undefined ? '' : ` of ${money(cap)}`}`,
  ]
}

/** `3 published, 1 vetoed, 2 waiting`. */
export function counted({ jobs }: CampaignState): string {
  const counts = new Map<string, number>()
  for (const one of jobs) {
    const words = one.status === 'ended' ? wordsOf(one) : one.status
    counts.set(words, (counts.get(words) ?? 0) + 1)
  }
  const all = [...counts].map(([words, count]) => `${count} ${words}`)
  return all.length === 0 ? 'no repository' : all.join(', ')
}

export function unreachableLines(unreachable: readonly Unreachable[], c: Colors): readonly string[] {
  if (unreachable.length === 0) return []
  return [
    '',
    c.bold('Not reached'),
    ...unreachable.map(
      ({ place, failure }) => `${c.red('✖')} ${oneLine(place, 80)}  ${oneLine(failure.message, 160)}`,
    ),
  ]
}

/** Causes that more than one repository shares. */
function causeLines({ jobs }: CampaignState, c: Colors): readonly string[] {
  const causes = new Map<string, number>()
  for (const one of jobs.filter(failedJob)) {
    const cause = `${one.outcome}${one.failure === null ? '' : ` (${one.failure.code})`}`
    causes.set(cause, (causes.get(cause) ?? 0) + 1)
  }
  const shown = [...causes].toSorted((a, b) => b[1] - a[1])
  if (shown.length === 0) return []
  return [
    '',
    c.bold('Failed, by cause'),
    ...shown.map(([cause, count]) => `${String(count).padStart(4)}  ${cause}`),
  ]
}
