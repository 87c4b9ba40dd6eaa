import type { Move } from '../../contract/events.ts'

/** What is left of an update for those that come after it, from the update itself or from a session's log. */
export interface Planned {
  readonly plan: { readonly from: string; readonly to: string; readonly moves: readonly Move[] }
}
