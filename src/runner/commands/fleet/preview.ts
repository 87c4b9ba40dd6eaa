import { join } from 'node:path'
import { type FailureCode, toFailure } from '../../../contract/failure.ts'
import { type Campaign, campaignTask } from '../../../contract/fleet/campaign.ts'
import type { Job } from '../../../contract/fleet/events.ts'
import { sessionUsd } from '../../../contract/fleet/spending.ts'
import type { CampaignState } from '../../../contract/fleet/state.ts'
import { money } from '../../../contract/money.ts'
import { readFacts } from '../../../store/statistics.ts'
import { type Estimate, estimateOf } from '../../fleet/estimate.ts'
import type { Planned } from '../../fleet/places.ts'
import { unreachableLines } from '../../terminal/fleet.ts'
import { table } from '../../terminal/tables.ts'
import { duration, oneLine } from '../../terminal/text.ts'
import { widthOf } from '../../terminal/wrap.ts'
import { type CommandContext, printJson } from '../context.ts'
import { exitCodes } from '../exitCode.ts'
import { newUpdate, parseSpec } from '../newTask.ts'
import { planOf } from '../wish.ts'

interface Row {
  readonly job: Job
  /** What would be done there, in words. */
  readonly would: string
  /** Whether a session there may ask a model. */
  readonly mayCost: boolean
}

/** `--preview`: what would be done where, and what it may cost by past sessions; nothing is written, nothing runs. */
export async function preview(
  context: CommandContext,
  campaign: Campaign,
  { jobs, unreachable }: Planned,
  before: CampaignState | undefined,
  { json = false }: { readonly json?: boolean },
): Promise<number> {
  const known = new Map((before?.jobs ?? []).map((one) => [one.job.key, one]))
  const canaries = campaign.canary?.repositories ?? 0
  const rows: Row[] = []
  for (const job of jobs) {
    const earlier = known.get(job.key)
    rows.push({
      job,
      ...(earlier === undefined
        ? await wouldDo(context, campaign, job)
        : { would: `nothing: ${earlier.outcome ?? earlier.status}`, mayCost: false }),
    })
  }
  const estimate = await estimated(context, campaign, rows.filter(({ mayCost }) => mayCost).length)
  if (json) printJson(context, { campaign, jobs: rows, unreachable, estimate })
  else {
    const { colors: c } = context
    const shown = rows.map(({ job, would }, at) => [
      `${oneLine(job.repository, 40)}${at < canaries ? c.dim(' (canary)') : ''}`,
      job.baseCommit.slice(0, 12),
      oneLine(would, 80),
    ])
    const lines = [
      `${c.bold(campaign.name)}  ${oneLine(campaignTask(campaign), 80)}`,
      ...(rows.length === 0
        ? []
        : ['', table(['repository', 'commit', 'what would be done'], shown, c, widthOf(context.stdout))]),
      ...unreachableLines(unreachable, c),
      '',
      ...estimateLines(estimate, campaign).map((line) => `${c.bold('Estimate')}  ${line}`),
      'Nothing was run.',
    ]
    context.stdout.write(`${lines.join('\n')}\n`)
  }
  return unreachable.length > 0 ? exitCodes.notGreen : exitCodes.done
}

type Would = Pick<Row, 'would' | 'mayCost'>

/** A session ends by these before a model is asked; what else keeps one from a look may be gone by then. */
const certain: ReadonlySet<FailureCode> = new Set([
  'not-a-dependency',
  'no-such-package',
  'no-such-version',
  'no-manifest',
])

/** Of what is here: an address would have to be fetched first. */
async function wouldDo(context: CommandContext, campaign: Campaign, job: Job): Promise<Would> {
  const session = (would: string): Would => ({ would, mayCost: true })
  if (!('path' in job.place)) return session('fetched and looked at when its turn comes')
  if (campaign.update === undefined) return session(`a session: ${campaign.change?.title ?? ''}`)
  try {
    const repo = job.folder === undefined ? job.place.path : join(job.place.path, job.folder)
    const wish = { repo, ...(job.manifest === undefined ? {} : { manifest: job.manifest }) }
    const { task } = await newUpdate(context, campaign.update, wish)
    const plan = await planOf(context, task)
    if (plan === undefined)
      return session('a session, which finds out: nothing to do, or not readable from here')
    return session(`${task.package} ${plan.from} → ${plan.to}`)
  } catch (error) {
    context.signal.throwIfAborted()
    const { code, message } = toFailure(error)
    return { would: message, mayCost: !certain.has(code) }
  }
}

async function estimated(context: CommandContext, campaign: Campaign, sessions: number): Promise<Estimate> {
  const { facts } = await readFacts(context.sessions, join(context.cache, 'statistics.json'))
  const name = campaign.update === undefined ? undefined : (await parseSpec(campaign.update)).package
  return estimateOf(facts, name, sessions, sessionUsd(campaign))
}

function estimateLines(
  { from, of, usd, atMostUsd, workMs }: Estimate,
  { limits }: Campaign,
): readonly string[] {
  const cap = limits.campaignUsd
  const most = `at most ${money(cap === undefined ? atMostUsd : Math.min(cap, atMostUsd))}`
  if (usd === undefined || workMs === undefined) return [`${most}; no past session says more`]
  const by = `${from} past session${from === 1 ? '' : 's'} ${of === undefined ? 'of other packages' : `of ${of}`}`
  return [`about ${money(usd)}, ${most}; ${duration(workMs)} of work, by ${by}`]
}
