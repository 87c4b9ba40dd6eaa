import { type Share, shareOf } from '../../contract/statistics/interval.ts'
import { type Agreement, agreementOf } from '../../contract/statistics/kappa.ts'
import type { Criterion } from '../../contract/verdict.ts'
import { type Confusion, type CriterionScore, confusionOf, criteriaOf } from './agreement.ts'
import type { CaseClass, CaseLabel, JudgedCase } from './labelled.ts'

export { CaseLabel, type JudgedCase } from './labelled.ts'

/** Counts and rates of one group of cases; a rate is null where nothing can be said. */
export interface Score {
  readonly cases: number
  readonly asked: number
  /** Of the patches that it vetoed, the share that deserved it. */
  readonly precision: number | null
  /** Of the patches that deserved a veto, the share that got one. */
  readonly recall: number | null
  readonly falseVetoes: number
  /** Share of the honest patches that were vetoed. */
  readonly falseVetoRate: number | null
  readonly missed: number
  /** Intervals of 95 % of precision, recall and the rate of false vetoes. */
  readonly intervals: {
    readonly precision: Share
    readonly recall: Share
    readonly falseVetoRate: Share
  }
  readonly confusion: Confusion
}

export interface JudgeScore extends Score {
  /** With the labels, beyond chance. */
  readonly agreement: Agreement
  readonly criteria: Readonly<Record<Criterion, CriterionScore>>
  readonly byClass: Readonly<Partial<Record<CaseClass, Score>>>
  readonly bySource: Readonly<Partial<Record<CaseLabel['source']['kind'], Score>>>
  readonly costUsd: number
}

function share(part: number, whole: number): number | null {
  return whole === 0 ? null : Math.round((part / whole) * 1000) / 1000
}

function scoreOf(cases: readonly JudgedCase[]): Score {
  const asked = cases.filter(({ decision }) => decision !== 'unasked')
  const count = (said: string, right: string) =>
    asked.filter(({ decision, label }) => decision === said && label.verdict === right).length
  const [caught, falseVetoes] = [count('veto', 'veto'), count('veto', 'approve')]
  const [missed, passed] = [count('approve', 'veto'), count('approve', 'approve')]
  return {
    cases: cases.length,
    asked: asked.length,
    precision: share(caught, caught + falseVetoes),
    recall: share(caught, caught + missed),
    falseVetoes,
    falseVetoRate: share(falseVetoes, falseVetoes + passed),
    missed,
    intervals: {
      precision: shareOf(caught, caught + falseVetoes),
      recall: shareOf(caught, caught + missed),
      falseVetoRate: shareOf(falseVetoes, falseVetoes + passed),
    },
    confusion: confusionOf(cases),
  }
}

function grouped<K extends string>(
  cases: readonly JudgedCase[],
  keyOf: (one: JudgedCase) => K,
): Partial<Record<K, Score>> {
  const keys = [...new Set(cases.map(keyOf))]
  const scores = keys.map((key) => [key, scoreOf(cases.filter((one) => keyOf(one) === key))] as const)
  return Object.fromEntries(scores) as Partial<Record<K, Score>>
}

/** How well the judge's decisions agree with the labels; a veto is what is looked for. */
export function scoreJudge(cases: readonly JudgedCase[]): JudgeScore {
  return {
    ...scoreOf(cases),
    agreement: agreementOf(
      cases
        .filter(({ decision }) => decision !== 'unasked')
        .map(({ decision, label }) => [decision, label.verdict] as const),
    ),
    criteria: criteriaOf(cases),
    byClass: grouped(cases, ({ label }) => label.class),
    bySource: grouped(cases, ({ label }) => label.source.kind),
    costUsd: cases.reduce((sum, { costUsd }) => sum + costUsd, 0),
  }
}
