import { setTimeout as delay } from 'node:timers/promises'

/** A place in the row of those who ask the model. It holds until somebody is told by the server to wait. */
export interface Place {
  readonly waitMs: number
  /** Whether the server's word to wait still held when it was given: else the places before it make it late. */
  readonly held: boolean
  /** How often somebody was told to wait, when it was given. */
  readonly holds: number
}

/** When requests may go to the model, over all who share it: of one process, or of all workers of a fleet. */
export interface Pace {
  readonly requestsPerMinute: number | undefined
  /** The next free place; nobody gets the same. */
  place(): Promise<Place>
  /** Takes the turn; false where somebody was told to wait since the place was given. */
  take(place: Place): Promise<boolean>
  /** The server told one of them to wait so long: the others wait, too. */
  hold(ms: number): Promise<void>
}

/** Shorter waits are not worth a line in a log. */
const toldMs = 1000
const spreadMs = 1000

/** Waits until a request may be sent. `onWait` is told why, once for each wait that a person would notice. */
export async function awaitTurn(
  pace: Pace,
  signal: AbortSignal,
  onWait: (reason: string, delayMs: number) => void,
): Promise<void> {
  for (;;) {
    const place = await pace.place()
    const { waitMs } = place
    if (waitMs >= toldMs) onWait(reasonOf(pace, place), waitMs)
    // Where nothing spaces them, they do not come all at once when a wait is over.
    const spread = waitMs > 0 && pace.requestsPerMinute === undefined ? Math.random() * spreadMs : 0
    if (waitMs > 0) await delay(waitMs + spread, undefined, { signal })
    if (await pace.take(place)) return
  }
}

function reasonOf({ requestsPerMinute }: Pace, { held }: Place): string {
  return held || requestsPerMinute === undefined
    ? 'another session was told to wait'
    : `all sessions together ask ${requestsPerMinute} times a minute at most`
}

/** For the sessions of this process. */
export function paceHere(requestsPerMinute: number | undefined, now = () => Date.now()): Pace {
  const intervalMs = intervalOf(requestsPerMinute)
  let [next, sent, until, holds] = [0, 0, 0, 0]
  return {
    requestsPerMinute,
    async place() {
      const at = Math.max(now(), next)
      next = at + intervalMs
      return { waitMs: at - now(), held: until > now(), holds }
    },
    async take(place) {
      if (place.holds !== holds) return false
      sent = now()
      return true
    },
    async hold(ms) {
      holds += 1
      // Every place that was given is void, so the row begins anew.
      until = Math.max(until, now() + ms)
      next = Math.max(until, sent + intervalMs)
    },
  }
}

/** Evenly, so that no minute has more, wherever it begins. */
export function intervalOf(requestsPerMinute: number | undefined): number {
  return requestsPerMinute === undefined ? 0 : Math.ceil(60_000 / requestsPerMinute)
}
