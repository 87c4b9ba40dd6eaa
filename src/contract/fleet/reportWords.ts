import { money } from '../money.ts'
import type { BurnPoint, CampaignReport, Carried } from './report.ts'
import type { Spending } from './spending.ts'

/** `7 of 10 repositories ended, 1 more was not reached; $1.20 of $40.00 spent`. */
export function progressLine({
  repositories,
  ended,
  unreachable,
  costUsd,
  capUsd,
}: Pick<CampaignReport, 'repositories' | 'ended' | 'unreachable' | 'costUsd' | 'capUsd'>): string {
  const of = capUsd === null ? '' : ` of ${money(capUsd)}`
  const lost = unreachable.length
  const more = lost === 0 ? '' : `, ${lost} more ${lost === 1 ? 'was' : 'were'} not reached`
  return `${ended} of ${repositories} ${repositories === 1 ? 'repository' : 'repositories'} ended${more}; ${money(costUsd)}${of} spent`
}

/** How far the codemod carried, and what it says of the cost. */
export function carriedLines({
  tried,
  results,
  asked,
  coveredUsd,
  meanAskedUsd,
}: Carried): readonly string[] {
  const rest = [
    [results.partly, 'needed an agent beside it'],
    [results.nothing, 'had nothing that it changes'],
    [results.worse, 'were worse with it, so that it was dropped'],
    [results.failed, 'could not be changed by it'],
  ] as const
  const others = rest.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`)
  const mean =
    meanAskedUsd === null
      ? 'No agent was asked in any repository.'
      : `An agent was asked in ${asked}, at ${money(meanAskedUsd)} each on average.`
  return [
    `Tried in ${tried}, it repaired ${results.covered}${others.length === 0 ? '' : `; ${others.join(', ')}`}.`,
    `The models cost ${money(coveredUsd)} where it repaired: no agent, and what a judge cost. ${mean}`,
  ]
}

/** The end of a sentence about time, to the minute, in UTC. */
export function minute(time: string): string {
  return `${time.slice(0, 16).replace('T', ' ')} UTC`
}

/** `$1.20 of $40.00 for the campaign; 2 sessions may spend more`. */
export function spendingLine({ of, spentUsd, running, capUsd = 0 }: Spending): string {
  const more =
    running === 0 ? '' : `; ${running === 1 ? 'one session' : `${running} sessions`} may spend more`
  return `${money(spentUsd)} of ${money(capUsd)} for ${of}${more}`
}

/** The picture's measures, in its own units. */
export const burnChart = { width: 720, height: 160, left: 34, bottom: 20, top: 8 } as const

/** Steps, for a repository ends at once; the last one goes on to the time of the report. Undefined where none ended. */
export function burnLine({ burnDown, updatedAt, repositories }: CampaignReport): string | undefined {
  if (burnDown.length < 2) return undefined
  const { width, height, left, bottom, top } = burnChart
  const first = Date.parse(burnDown[0]?.time ?? updatedAt)
  const last = Math.max(Date.parse(updatedAt), first + 1)
  const x = ({ time }: Pick<BurnPoint, 'time'>): number =>
    left + ((width - left) * Math.min(last - first, Date.parse(time) - first)) / (last - first)
  const y = (count: number): number => top + ((height - bottom - top) * (repositories - count)) / repositories
  const steps = burnDown.map((point, at) => {
    const [along, down] = [x(point).toFixed(1), y(point.left).toFixed(1)]
    return at === 0 ? `M${along} ${down}` : `H${along}V${down}`
  })
  return `${steps.join('')}H${width}`
}

export function burnWords({ burnDown, repositories }: CampaignReport): string {
  const left = burnDown.at(-1)?.left ?? 0
  return `Repositories that have not ended: ${repositories} at the beginning, ${left} at the end`
}
