import { setTimeout as delay } from 'node:timers/promises'
import type Docker from 'dockerode'
import { failures } from '../../contract/failures.ts'

export interface Heartbeat {
  readonly everyMs: number
  /** Beats in a row that stay without an answer, each as long as the time between two. */
  readonly missed: number
}

const usual: Heartbeat = { everyMs: 20_000, missed: 4 }

/**
 * Asks an engine from time to time whether it is there, and calls `lost` once where it is not: its calls have no limit
 * of their own, and one that hangs would hold whoever asked it for ever. Counts answers, not the clock, which jumps
 * where a machine has slept.
 */
export function watchEngine(
  docker: Docker,
  lost: (failure: Error) => void,
  { everyMs, missed }: Heartbeat = usual,
): Disposable {
  const stop = new AbortController()
  const beat = async (): Promise<void> => {
    for (let left = missed; left > 0; ) {
      await delay(everyMs, undefined, { ref: false, signal: stop.signal })
      const silence = delay(everyMs, false, { ref: false, signal: stop.signal })
      const answered = await Promise.race([docker.ping().then(isTrue, isFalse), silence])
      left = answered ? missed : left - 1
    }
    lost(failures.engineLost(`it has not answered for ${Math.round((2 * missed * everyMs) / 1000)} s`))
  }
  // Ends by its signal, with the work that it watches over.
  beat().catch(() => undefined)
  return { [Symbol.dispose]: () => stop.abort() }
}

const isTrue = () => true
const isFalse = () => false
