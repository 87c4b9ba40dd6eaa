import type { Services } from './services.ts'

/** Shows a session's review, live from its first moment. */
export function showReview({ reviews }: Services, id: string): void {
  reviews.open(id)
}
