import { nextInEditor } from '../../src/contract/inEditor.ts'
import type { ReviewView } from '../../src/contract/reviewView.ts'
import { alarmsOf } from '../../src/contract/states/alarms.ts'
import { type Situation, situationOf } from '../../src/contract/states/situation.ts'
import { type State, stateOf } from '../../src/contract/states/state.ts'
import type { KeptState } from './kept.ts'

/** All that the page's words depend on; `kept` is what the person ticked in it. */
export function situationIn({ session, settled }: ReviewView, kept?: KeptState): Situation {
  if (kept === undefined) return situationOf(session, { settled })
  const { ticked, withoutJudge, unverified } = kept
  return situationOf(session, {
    settled,
    said: { acknowledged: new Set(ticked), withoutJudge, unverified },
  })
}

export function stateIn(review: ReviewView, kept?: KeptState): State {
  return stateOf(situationIn(review, kept))
}

/** What stands in the way of trusting the session at all; said at the top. */
export function alarms(review: ReviewView): readonly string[] {
  return alarmsOf(review.session, situationIn(review), nextInEditor)
}

/** `0.8 s`, `45 s`, `3 min 5 s`, `1 h 4 min`. */
export function duration(ms: number): string {
  if (ms < 9_950) return `${(ms / 1000).toFixed(1)} s`
  const seconds = Math.round(ms / 1000)
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return seconds % 60 === 0 ? `${minutes} min` : `${minutes} min ${seconds % 60} s`
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}
