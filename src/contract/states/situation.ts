import { boxes, type Said } from '../approval.ts'
import { isElsewhere } from '../elsewhere.ts'
import type { Outcome } from '../events.ts'
import { standingThere } from '../following.ts'
import { type Standing, standing } from '../proof.ts'
import { seenWords } from '../pullRequestSeen.ts'
import type { SessionView } from '../sessionView.ts'
import { type Lack, lackOf } from './ended.ts'
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
  /** Another machine has it. */
  readonly elsewhere: boolean
  /** A person has approved what waits. */
  readonly approved: boolean
  /** It ended for want of a model alone; undefined where it did not. */
  readonly lacks: Lack | undefined
  /** What the host says of an open pull request: what stands in its way, and what speaks for it. */
  readonly atHost?: { readonly bad: readonly string[]; readonly good: readonly string[] }
}

export function situationOf(session: SessionView, { settled, said }: Beside): Situation {
  const { outcome, matrix, verdict, warnings } = session
  const judged = { approve: 'approves', veto: 'vetoes', 'not-judged': 'not-judged' } as const
  return {
    life: lifeOf(session, settled),
    outcome,
    checks: matrix === null ? 'none' : standing(matrix),
    judge: verdict === null ? 'none' : judged[verdict.decision],
    boxes: boxes(session, said),
    notices: warnings.filter(({ severity }) => severity === 'notice').length,
    elsewhere: isElsewhere(session),
    approved: outcome === 'awaiting-review' && session.approval !== null,
    lacks: lackOf(session),
    ...(outcome === 'published' && session.seen !== undefined
      ? { atHost: seenWords(session.seen, session.commit) }
      : {}),
  }
}

function lifeOf(session: SessionView, settled: boolean): Life {
  const { stages, imported } = session
  const at = standingThere(session, settled)
  if (at === 'waiting' && imported?.elsewhere?.decision !== undefined) return 'decided'
  if (at === 'running' || at === 'checking') {
    if (isDead(session)) return 'stopped'
    if (at === 'checking') return at
    return stages.findLast(({ status }) => status === 'running')?.name === 'queue' ? 'queued' : at
  }
  const told: readonly string[] = ['waiting', 'half-dropped', 'pushed', 'imported'] satisfies Life[]
  return told.includes(at) ? (at as Life) : 'ended'
}

/** Of one that another machine has its campaign says so; nobody here can tell whether a later check of it still runs. */
function isDead({ alive, outcome, imported }: SessionView): boolean {
  const { elsewhere } = imported ?? {}
  return elsewhere === undefined ? alive === false : outcome === null && !elsewhere.atWork
}

/** Stages that leave the patch and what is known of it as they are. */
const aside: ReadonlySet<string> = new Set(['review', 'publish'])

/** `settled` of a session whose holder was asked and whose events are not at hand. */
export function isSettled({ outcome, alive, stages, imported }: SessionView): boolean {
  if (outcome === null) return false
  return (
    (alive !== true && imported?.elsewhere === undefined) ||
    !stages.some(({ name, status }) => status === 'running' && !aside.has(name))
  )
}
