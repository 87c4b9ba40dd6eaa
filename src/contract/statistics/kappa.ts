import { shareOf } from './interval.ts'

/** Agreement of two raters beyond chance; null where nothing can be said. */
export interface Agreement {
  readonly cases: number
  /** Share on which they agree. */
  readonly observed: number | null
  /** Share on which they would agree by chance, given how often each says what. */
  readonly byChance: number | null
  /** Cohen (1960): 1 is agreement in everything, 0 as much as chance. Null where one answer is all there is. */
  readonly kappa: number | null
  readonly low: number | null
  readonly high: number | null
}

/**
 * Cohen's κ of pairs of answers. The interval of 95 % is Wilson's of the observed agreement, with the agreement by chance
 * taken as it is: unlike the usual standard error it does not shrink to nothing where all of a few cases agree.
 */
export function agreementOf(pairs: readonly (readonly [string, string])[]): Agreement {
  const { rate: observed, low, high } = shareOf(pairs.filter(([a, b]) => a === b).length, pairs.length)
  if (observed === null || low === null || high === null)
    return { cases: 0, observed, byChance: null, kappa: null, low: null, high: null }
  const answers = [...new Set(pairs.flat())]
  const share = (side: 0 | 1, answer: string) =>
    pairs.filter((pair) => pair[side] === answer).length / pairs.length
  const byChance = answers.reduce((sum, answer) => sum + share(0, answer) * share(1, answer), 0)
  const common = { cases: pairs.length, observed, byChance }
  if (byChance === 1) return { ...common, kappa: null, low: null, high: null }
  const beyond = (agreement: number) => (agreement - byChance) / (1 - byChance)
  return { ...common, kappa: beyond(observed), low: Math.max(-1, beyond(low)), high: beyond(high) }
}
