import { failures } from '../../contract/failures.ts'
import { statusOf } from './labels.ts'

/**
 * Waits for a call to the engine. What the engine answered with an error is thrown as `engine-refused`; a connection that
 * broke stays what it is: whoever ends a run tells it apart (`engineFault`).
 */
export async function asked<T>(what: string, call: Promise<T>): Promise<T> {
  try {
    return await call
  } catch (error) {
    throw refusal(what, error)
  }
}

/** An engine's error answer as `engine-refused`; anything else as it is. */
export function refusal(what: string, error: unknown): unknown {
  if (statusOf(error) === undefined) return error
  return failures.engineRefused(what, error instanceof Error ? error.message : '')
}
