import type { Event } from './events.ts'

/** Stages that leave the patch and what is known of it as they are. */
const afterReview = new Set(['review', 'publish'])

/** Whether nothing happened to the patch since the session's last outcome, after one more event. */
export function settledAfter(before: boolean, event: Event): boolean {
  if (event.type === 'session.finished' || event.type === 'patch.restored') return true
  if (event.type === 'patch.made' || event.type === 'session.resumed') return false
  return before && !(event.type === 'stage.started' && !afterReview.has(event.stage))
}
