import { ofLack } from './ended.ts'
import type { Situation } from './situation.ts'
import { type State, type StateName, states } from './words.ts'

export type { State, StateName } from './words.ts'

export function stateOf(situation: Situation): State {
  const name = nameOf(situation)
  const state = { name, ...placed(situation, states[name]) }
  // Published, and something stands in the way of it.
  return (situation.atHost?.bad ?? []).length > 0 ? { ...state, tone: 'warn' } : state
}

/** What is said where the session lies on another machine: "ended" is all that can be known of one that stopped. */
export function placeWords({ elsewhere, life }: Situation): string | undefined {
  if (!elsewhere) return undefined
  return life === 'running' || life === 'queued' || life === 'checking' ? 'runs elsewhere' : 'ended elsewhere'
}

function placed(situation: Situation, state: Omit<State, 'name'>): Omit<State, 'name'> {
  const words = placeWords(situation)
  if (words === undefined) return state
  return { ...state, title: `${words[0]?.toUpperCase()}${words.slice(1)} · ${state.title}` }
}

function nameOf({ life, outcome, lacks, ...waiting }: Situation): StateName {
  if (life === 'waiting') return waitingName(waiting)
  if (life !== 'ended') return life
  if (lacks !== undefined) return ofLack[lacks]
  // An ended session has an outcome that is not the one of waiting.
  return outcome === null || outcome === 'awaiting-review' ? 'interrupted' : outcome
}

/** The worst first: what no tick can mend, then what a person may take on. */
function waitingName({
  checks,
  judge,
  boxes,
  approved,
}: Omit<Situation, 'life' | 'outcome' | 'lacks'>): StateName {
  if (checks === 'none') return 'unchecked'
  if (checks === 'red') return 'not-green'
  if (judge === 'vetoes') return 'objected'
  if (approved) return 'approved'
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
  ...([
    'stopped',
    'interrupted',
    'needs-key',
    'needs-model',
    'no-key',
    'vetoed',
    'verification-failed',
  ] as const),
  ...(['turn-limit', 'cannot-repair', 'budget-exceeded', 'setup-failed'] as const),
])
