import type { Situation } from './situation.ts'
import { type State, type StateName, states } from './words.ts'

export type { State, StateName } from './words.ts'

export function stateOf(situation: Situation): State {
  const name = nameOf(situation)
  const state = { name, ...states[name] }
  // Published, and something stands in the way of it.
  return (situation.atHost?.bad ?? []).length > 0 ? { ...state, tone: 'warn' } : state
}

function nameOf({ life, outcome, lacksKey, ...waiting }: Situation): StateName {
  if (life === 'waiting') return waitingName(waiting)
  if (life !== 'ended') return life
  if (lacksKey !== undefined) return lacksKey === 'repair' ? 'needs-key' : 'no-key'
  // An ended session has an outcome that is not the one of waiting.
  return outcome === null || outcome === 'awaiting-review' ? 'interrupted' : outcome
}

/** The worst first: what no tick can mend, then what a person may take on. */
function waitingName({ checks, judge, boxes }: Omit<Situation, 'life' | 'outcome' | 'lacksKey'>): StateName {
  if (checks === 'none') return 'unchecked'
  if (checks === 'red') return 'not-green'
  if (judge === 'vetoes') return 'objected'
  if (checks === 'not verified') return 'not-verified'
  if (checks === 'steps') return 'without-test'
  if (judge !== 'approves') return 'not-judged'
  return boxes.open > 0 ? 'unticked' : 'ready'
}

/** Whether it failed the person who asked for it, so that they have to look at it. */
export function failed({ name }: State): boolean {
  return failures.has(name)
}

const failures: ReadonlySet<StateName> = new Set([
  ...(['stopped', 'interrupted', 'needs-key', 'no-key', 'vetoed', 'verification-failed'] as const),
  ...(['turn-limit', 'cannot-repair', 'budget-exceeded', 'setup-failed'] as const),
])
