import { failures } from '../../../contract/failures.ts'
import type { SharedStore } from './store.ts'

/** What one call may take, ms: the largest object over a line of 10 Mbit/s. */
export const callMs = 30_000

/**
 * A store whose every call ends in time, whatever it stands on: a file system that hangs cannot be told to stop. While a
 * call hangs no other is begun, so that they do not fill the threads which the rest of the process needs.
 */
export function withLimits(store: SharedStore, limitMs: number, signal: AbortSignal): SharedStore {
  let hangs = false
  const timely = <T>(call: () => Promise<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      signal.throwIfAborted()
      if (hangs) throw failures.storeUnreachable(store.where, 'an earlier call still hangs')
      const late = (): void => {
        hangs = true
        reject(failures.storeUnreachable(store.where, `no answer within ${Math.ceil(limitMs / 1000)} s`))
      }
      const stop = (): void => reject(signal.reason)
      const timer = setTimeout(late, limitMs)
      signal.addEventListener('abort', stop, { once: true })
      const ended = (): void => {
        hangs = false
        clearTimeout(timer)
        signal.removeEventListener('abort', stop)
      }
      call().finally(ended).then(resolve, reject)
    })
  return {
    where: store.where,
    put: (name, bytes) => timely(() => store.put(name, bytes)),
    get: (name, maxBytes) => timely(() => store.get(name, maxBytes)),
    list: (prefix) => timely(() => store.list(prefix)),
    delete: (name) => timely(() => store.delete(name)),
  }
}
