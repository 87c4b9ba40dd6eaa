import { money } from '../money.ts'
import { states } from '../states/words.ts'
import type { CountedOutcome } from './facts.ts'
import type { Figures } from './figures.ts'
import type { Share } from './interval.ts'
import { healthyVetoes } from './vetoBand.ts'

export function percent(rate: number | null): string {
  return rate === null ? '–' : `${(rate * 100).toFixed(1)} %`
}

/** `25.0 % (3 of 12, interval 8.9 to 53.2)`; that nothing was counted is said. */
export function shareText({ part, whole, rate, low, high }: Share): string {
  if (rate === null) return 'none yet'
  const bound = (value: number | null) => ((value ?? 0) * 100).toFixed(1)
  return `${percent(rate)} (${part} of ${whole}, interval ${bound(low)} to ${bound(high)})`
}

export function usd(amount: number | null): string {
  return amount === null ? '–' : money(amount)
}

export function took(ms: number | null): string {
  if (ms === null) return '–'
  if (ms < 1000) return `${Math.round(ms)} ms`
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`
  const seconds = Math.round(ms / 1000)
  return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, '0')} s`
}

export function amount(value: number | null): string {
  return value === null ? '–' : value.toLocaleString('en', { maximumFractionDigits: value < 100 ? 1 : 0 })
}

const bands: Readonly<Record<Figures['vetoBand'], string>> = {
  low: 'below the healthy band',
  healthy: 'in the healthy band',
  high: 'above the healthy band',
  unknown: 'too few verdicts to say whether that is in the healthy band',
}

/** Where the veto rate stands beside what is healthy. */
export function bandText({ vetoBand }: Figures): string {
  const { low, high } = healthyVetoes
  return `${bands[vetoBand]}, which is ${low * 100} to ${high * 100} %`
}

/** The figures in lines: what, and how much. Every one of them says what it is a share of. */
export function figureLines(figures: Figures): readonly (readonly [string, string])[] {
  const { repairedBy } = figures
  const attempts = repairedBy.map((share, at): readonly [string, string] => [
    `  by attempt ${at + 1}`,
    shareText(share),
  ])
  return [
    ...(figures.codemods.whole === 0
      ? []
      : [['Repaired by a codemod, where one was tried', shareText(figures.codemods)] as const]),
    ['Repaired, where an agent was asked', shareText(figures.repaired)],
    ...(attempts.length > 1 ? attempts : []),
    ['Vetoed by the judge', `${shareText(figures.vetoes)}, ${bandText(figures)}`],
    ['  vetoes overturned by a person', shareText(figures.vetoesOverturned)],
    ['Approved, then rejected by a person', shareText(figures.approvalsRejected)],
    ['Published, as pull request or branch', amount(figures.pullRequests)],
    ['  merged, where the fate is known', shareText(figures.merged)],
    ['Turns, where an agent was asked', amount(figures.turns)],
    ['Tokens per session', amount(figures.tokens)],
    ['Cost', usd(figures.costUsd)],
    ['  per session', usd(figures.costPerSession)],
    [
      '  per merged pull request',
      figures.costPerMerged === null ? 'none is known to be merged' : usd(figures.costPerMerged),
    ],
    ['Time at work per session', took(figures.workMs)],
    ['Answered from a cache', shareText(figures.cacheHits)],
    ['Sessions with a flaky test', shareText(figures.flakySessions)],
    ['False alarms: warnings ticked', shareText(figures.falseAlarms)],
  ]
}

/** An outcome as the list of sessions words it; `open` has none yet. */
export function outcomeName(outcome: CountedOutcome): string {
  if (outcome === 'open') return 'at work, or its runner is gone'
  return outcome === 'awaiting-review' ? 'waiting for you' : states[outcome].row
}

/** What is there and counts in no figure, in phrases. */
export function notCounted(reruns: number, imported: number, damaged: number): readonly string[] {
  return [
    ...(reruns === 0
      ? []
      : [
          `${reruns} only ${reruns === 1 ? 'repeats another' : 'repeat others'} for comparison and ${reruns === 1 ? 'counts' : 'count'} in nothing`,
        ]),
    ...(imported === 0
      ? []
      : [`${imported} came from other machines and ${imported === 1 ? 'counts' : 'count'} there`]),
    ...(damaged === 0 ? [] : [`${damaged} cannot be read`]),
  ]
}
