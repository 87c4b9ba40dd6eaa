import { randomBytes } from 'node:crypto'
import { Decision, DecisionId } from '../../../contract/elsewhere.ts'
import { failures } from '../../../contract/failures.ts'
import { tryJson } from '../../../contract/json.ts'
import { SessionId } from '../../../contract/task.ts'
import { decisionName, decisionsPrefix } from './layout.ts'
import type { SharedStore } from './store.ts'

/** A decision that nobody has taken yet. */
export interface Waiting {
  readonly name: string
  readonly session: SessionId
  readonly id: DecisionId
}

const maxBytes = 8 * 1024 * 1024

/** Sorts by time, and never comes twice. */
export function newDecisionId(now: Date): DecisionId {
  return `${now.toISOString().replaceAll(/[-:.]/g, '')}-${randomBytes(6).toString('hex')}`
}

export async function sendDecision(store: SharedStore, decision: Decision): Promise<void> {
  const bytes = Buffer.from(JSON.stringify(Decision.parse(decision)))
  await store.put(decisionName(decision.session, decision.id), bytes)
}

/** The oldest first. */
export async function waitingDecisions(store: SharedStore): Promise<readonly Waiting[]> {
  const found = (await store.list(decisionsPrefix)).flatMap(({ name }): Waiting[] => {
    const [, session, id] = /^decisions\/([^/]+)\/([^/]+)\.json$/.exec(name) ?? []
    const [ofSession, itsId] = [SessionId.safeParse(session), DecisionId.safeParse(id)]
    return ofSession.success && itsId.success ? [{ name, session: ofSession.data, id: itsId.data }] : []
  })
  return found.toSorted((a, b) => (a.id < b.id ? -1 : 1))
}

/** Undefined where it is gone; `store-damaged` where it is none, or another's. */
export async function readDecision(
  store: SharedStore,
  { name, session, id }: Waiting,
): Promise<Decision | undefined> {
  const bytes = await store.get(name, maxBytes)
  if (bytes === undefined) return undefined
  const parsed = Decision.safeParse(tryJson(bytes.toString('utf8')))
  if (!parsed.success || parsed.data.session !== session || parsed.data.id !== id)
    throw failures.storeDamaged(name, 'it is no decision')
  return parsed.data
}
