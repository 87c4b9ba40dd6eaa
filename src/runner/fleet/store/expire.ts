import { DrydockError } from '../../../contract/failure.ts'
import { reduce, type SessionView } from '../../../contract/sessionView.ts'
import { eventsOf } from './bring.ts'
import { waitingDecisions } from './decisions.ts'
import { chainOf, sessionOfName } from './layout.ts'
import type { SharedStore, Stored } from './store.ts'

/** A session in the store that may go. */
export interface Expired {
  readonly session: string
  readonly outcome: string
  /** When something of it was put there last. */
  readonly at: string
  readonly bytes: number
  readonly names: readonly string[]
}

export interface Expiry {
  readonly store: SharedStore
  /** Sessions of which nothing came since are old; ISO, UTC. Undefined: it is none of those that are meant. */
  readonly before: (session: string) => string | undefined
  /** Whether its campaign has it at work, or waiting for a person. */
  readonly isOpen: (session: string) => boolean
  /** Whether its campaign has given it up: another session took its place. */
  readonly givenUp: (session: string) => boolean
}

/** Old sessions that neither run nor wait for a person, by their own logs. Removes nothing. */
export async function expiredOf({ store, before, isOpen, givenUp }: Expiry): Promise<readonly Expired[]> {
  const decided = new Set<string>((await waitingDecisions(store)).map(({ session }) => session))
  const bySession = new Map<string, Stored[]>()
  for (const one of await store.list('sessions/')) {
    const session = sessionOfName(one.name)
    if (session !== undefined) bySession.set(session, [...(bySession.get(session) ?? []), one])
  }
  const found: Expired[] = []
  for (const [session, stored] of bySession) {
    const limit = before(session)
    const at = stored.reduce((last, one) => (one.at > last ? one.at : last), '')
    if (limit === undefined || at >= limit || decided.has(session) || isOpen(session)) continue
    const outcome = await endOf(store, session, stored, givenUp(session))
    if (outcome === undefined) continue
    const bytes = stored.reduce((sum, one) => sum + one.bytes, 0)
    found.push({ session, outcome, at, bytes, names: removalOrder(stored) })
  }
  return found
}

/** The log from its beginning on, then the rest: what a kill leaves has no beginning, and is known by that. */
function removalOrder(stored: readonly Stored[]): readonly string[] {
  const names = stored.map(({ name }) => name)
  const isLog = (name: string): boolean => name.includes('/log/')
  return [...names.filter(isLog), ...names.filter((name) => !isLog(name))]
}

/** How it ended; undefined where it runs, waits for a person, or cannot be read. */
async function endOf(
  store: SharedStore,
  session: string,
  stored: readonly Stored[],
  givenUp: boolean,
): Promise<string | undefined> {
  const chain = chainOf(stored)
  if (chain.length === 0) return 'half removed'
  let view: SessionView | undefined
  let reached = 0
  try {
    for (const segment of chain)
      for (const event of await eventsOf(store, session, segment)) {
        if (event.seq <= reached) continue
        view = reduce(view, event)
        reached = event.seq
      }
  } catch (error) {
    if (error instanceof DrydockError && error.failure.code === 'store-damaged') return undefined
    throw error
  }
  if (view === undefined || view.outcome === 'awaiting-review') return undefined
  return view.outcome ?? (givenUp ? 'given up' : undefined)
}
