import type { Locator } from 'playwright-core'

/** How long a window may take for what it does of its own; a busy machine is slow. */
export const patienceMs = 60_000

/**
 * Makes a gesture until what it is for is on show. One that falls between two drawings of what it meets is lost, so
 * it has to be one that does no harm when it is made again.
 */
export async function until(
  effect: Locator,
  gesture: () => Promise<unknown>,
  { tries = 6, state = 'visible' }: { tries?: number; state?: 'visible' | 'hidden' } = {},
): Promise<void> {
  for (let left = tries - 1; ; left -= 1) {
    const timeout = left === 0 ? patienceMs : 5_000
    // One that finds nothing to be made on may have done its work the time before.
    await gesture().catch(() => {})
    const seen = effect.first().waitFor({ state, timeout })
    if (left === 0) return seen
    if (
      await seen.then(
        () => true,
        () => false,
      )
    )
      return
  }
}

/** Moves the focus of a list, row by row, until it is on one of these; returns once it is. */
export async function moveTo(focused: Locator, step: () => Promise<unknown>): Promise<void> {
  for (let left = 60; (await focused.count()) === 0; left -= 1) {
    if (left === 0) throw new Error(`the focus never came to ${focused}`)
    await step()
  }
}
