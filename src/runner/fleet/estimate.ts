import type { SessionFacts } from '../../contract/statistics/facts.ts'

/** What a campaign may cost, by what sessions of the same kind did. US dollars. */
export interface Estimate {
  /** How many past sessions it rests on. */
  readonly from: number
  /** The package they were of; undefined where they were of others. */
  readonly of?: string
  /** Undefined where there is no past session. */
  readonly usd?: number
  /** Every session with all of its budget. */
  readonly atMostUsd: number
  readonly workMs?: number
}

/** These say nothing of what a session costs that comes to its end. */
const cutShort: ReadonlySet<SessionFacts['outcome']> = new Set([
  'setup-failed',
  'cancelled',
  'interrupted',
  null,
])

/** `sessions`: how many would be begun. */
export function estimateOf(
  facts: readonly SessionFacts[],
  name: string | undefined,
  sessions: number,
  budgetUsd: number,
): Estimate {
  const past = facts.filter(
    ({ outcome, rerunOf, imported }) => !cutShort.has(outcome) && rerunOf === null && !imported,
  )
  const same = name === undefined ? [] : past.filter((one) => one.package === name)
  const kind = past.filter(({ kind }) => (kind === 'dependency-update') === (name !== undefined))
  const by = same.length > 0 ? same : kind
  const atMostUsd = sessions * budgetUsd
  if (by.length === 0) return { from: 0, atMostUsd }
  const mean = (of: (one: SessionFacts) => number) => by.reduce((sum, one) => sum + of(one), 0) / by.length
  return {
    from: by.length,
    ...(same.length > 0 && name !== undefined ? { of: name } : {}),
    usd: Math.min(atMostUsd, mean(({ costUsd }) => costUsd) * sessions),
    atMostUsd,
    workMs: Math.round(mean(({ workMs }) => workMs) * sessions),
  }
}
