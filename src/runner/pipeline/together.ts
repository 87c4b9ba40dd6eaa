import { failures } from '../../contract/failures.ts'
import type { Run } from '../run.ts'

/** Does both side by side; where one fails the other is cancelled and waited for, and the first failure is the one told. */
export async function together<A, B>(
  run: Run,
  one: (run: Run) => Promise<A>,
  other: (run: Run) => Promise<B>,
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
  const [first, second] = await Promise.allSettled([guarded(one), guarded(other)])
  if (first.status === 'fulfilled' && second.status === 'fulfilled') return [first.value, second.value]
  throw failed[0]
}
