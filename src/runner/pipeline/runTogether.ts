import { failures } from '../../contract/failures.ts'
import type { Run } from '../run.ts'

/**
 * Does both side by side; the other may wait for the first. Where one fails the other is cancelled and waited for, and
 * the first failure is the one told.
 */
export async function runTogether<A, B>(
  run: Run,
  one: (run: Run) => Promise<A>,
  other: (run: Run, first: Promise<A>) => Promise<B>,
): Promise<[A, B]> {
  const both = new AbortController()
  const side = { ...run, signal: AbortSignal.any([run.signal, both.signal]) }
  const failed: unknown[] = []
  const guarded = async <T>(work: (run: Run) => Promise<T>): Promise<T> => {
    try {
      return await work(side)
    } catch (error) {
      failed.push(error)
      both.abort(failures.cancelled())
      throw error
    }
  }
  const begun = guarded(one)
  const [first, second] = await Promise.allSettled([begun, guarded((run) => other(run, begun))])
  if (first.status === 'fulfilled' && second.status === 'fulfilled') return [first.value, second.value]
  throw failed[0]
}
