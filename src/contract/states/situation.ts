import { boxes, type Said } from '../approval.ts'
import type { Outcome } from '../events.ts'
import { standingOf } from '../following.ts'
import { type Standing, standing } from '../proof.ts'
import { seenWords } from '../pullRequestSeen.ts'
import type { SessionView } from '../sessionView.ts'
import type { Life } from './words.ts'

/** What a session's log alone does not say. */
export interface Beside {
  /** Nothing happened to the patch since the last outcome (`settledAfter`). */
  readonly settled: boolean
  /** What a person ticked and nobody has published yet. */
  readonly said?: Said
}

/** All that the words about a session depend on: nothing else decides what a card, a badge, an icon or a row says. */
export interface Situation {
  readonly life: Life
  readonly outcome: Outcome | null
  /** What the checks are worth; `none` where they came to no end. */
  readonly checks: Standing | 'none'
  readonly judge: 'none' | 'not-judged' | 'approves' | 'vetoes'
  /** Boxes that a person has to tick before it may be published, and those that are ticked. */
  readonly boxes: { readonly all: number; readonly open: number; readonly warnings: number }
  readonly notices: number
  /** It ended for want of a key alone: `repair`, a break was found; `start`, it needs an agent from its first step. */
  readonly lacksKey: 'repair' | 'start' | undefined
  /** What the host says of an open pull request: what stands in its way, and what speaks for it. */
  readonly atHost?: { readonly bad: readonly string[]; readonly good: readonly string[] }
}

export function situationOf(session: SessionView, { settled, said }: Beside): Situation {
  const { outcome, matrix, verdict, warnings, failure } = session
  const lacking = { 'repair-needs-key': 'repair', 'no-key': 'start' } as const
  const judged = { approve: 'approves', veto: 'vetoes', 'not-judged': 'not-judged' } as const
  return {
    life: lifeOf(session, settled),
    outcome,
    checks: matrix === null ? 'none' : standing(matrix),
    judge: verdict === null ? 'none' : judged[verdict.decision],
    boxes: boxes(session, said),
    notices: warnings.filter(({ severity }) => severity === 'notice').length,
    lacksKey:
      outcome === null || outcome === 'awaiting-review'
        ? undefined
        : lacking[failure?.code as keyof typeof lacking],
    ...(outcome === 'published' && session.seen !== undefined
      ? { atHost: seenWords(session.seen, session.commit) }
      : {}),
  }
}

function lifeOf(session: SessionView, settled: boolean): Life {
  const { alive, stages } = session
  const at = standingOf(session, settled)
  if (at === 'running' || at === 'checking') {
    if (alive === false) return 'stopped'
    if (at === 'checking') return at
    return stages.findLast(({ status }) => status === 'running')?.name === 'queue' ? 'queued' : at
  }
  const told: readonly string[] = ['waiting', 'half-dropped', 'pushed', 'imported'] satisfies Life[]
  return told.includes(at) ? (at as Life) : 'ended'
}

/** Stages that leave the patch and what is known of it as they are. */
const aside: ReadonlySet<string> = new Set(['review', 'publish'])

/** `settled` of a session whose holder was asked and whose events are not at hand. */
export function isSettled({ outcome, alive, stages }: SessionView): boolean {
  if (outcome === null) return false
  return alive !== true || !stages.some(({ name, status }) => status === 'running' && !aside.has(name))
}
