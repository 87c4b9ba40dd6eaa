import type { Decision, Elsewhere } from '../../../contract/elsewhere.ts'
import type { EventBody } from '../../../contract/events.ts'
import { DrydockError, toFailure } from '../../../contract/failure.ts'
import { failures } from '../../../contract/failures.ts'
import { refusal, standingOf } from '../../../contract/following.ts'
import type { SessionView } from '../../../contract/sessionView.ts'
import { isSettled } from '../../../contract/states/situation.ts'
import { noControl } from '../../../store/control.ts'
import type { HeldSession } from '../../../store/session.ts'
import { bringSession, localOf } from '../../fleet/store/bring.ts'
import {
  newDecisionId,
  readDecision,
  sendDecision,
  type Waiting,
  waitingDecisions,
} from '../../fleet/store/decisions.ts'
import type { SharedStore } from '../../fleet/store/store.ts'
import { holdWhole, refusalNow } from '../../follow.ts'
import { userIdentity } from '../../git/remote.ts'
import { approve, approveOnce } from '../../publish/approve.ts'
import { oneLine } from '../../terminal/text.ts'
import type { CommandContext } from '../context.ts'
import { isOfStore, requireStore } from './shared.ts'

/** What a person says of a session that another machine has. */
export type Word =
  | {
      readonly verdict: 'approve'
      readonly acknowledged: readonly string[]
      readonly withoutJudge: boolean
      readonly unverified: boolean
    }
  | { readonly verdict: 'reject'; readonly reason: string }

/**
 * Sends a person's decision on a fetched session to the machine that has it. An approval is held to the rules of one
 * here first. `shown`: the patch that they saw, where that may be another than the latest here. Throws `session-state`
 * and what speaks against an approval, `approval-void`, `bad-usage`, and what the store says.
 */
export async function decideElsewhere(
  context: CommandContext,
  view: SessionView,
  word: Word,
  shown?: { readonly digest: string; readonly baseCommit: string },
): Promise<void> {
  const { sessions, env, cwd, now } = context
  const elsewhere = view.imported?.elsewhere
  const { patch } = view
  const command = word.verdict === 'approve' ? 'publish' : 'reject'
  const no = refusal(view.id, command, standingOf(view, isSettled(view)))
  if (no !== undefined || elsewhere === undefined || patch === null)
    throw no ?? failures.sessionElsewhere(view.id)
  if (shown !== undefined && (shown.digest !== patch.digest || shown.baseCommit !== patch.baseCommit))
    throw failures.otherPatch(view.id)
  if (word.verdict === 'approve') approve(view, word)
  const store = await requireStore(context)
  const who = await userIdentity(cwd, env)
  if (who === undefined) throw failures.nobodyDecides()
  const at = now()
  const common = {
    ...{ v: 1 as const, id: newDecisionId(at), session: view.id, at: at.toISOString() },
    ...{ by: oneLine(who.name, 200), email: oneLine(who.email, 320) },
    ...{ digest: patch.digest, baseCommit: patch.baseCommit },
  }
  const decision: Decision =
    word.verdict === 'approve'
      ? { ...common, ...word, acknowledged: [...word.acknowledged] }
      : { ...common, verdict: 'reject', reason: oneLine(word.reason, 2000) }
  await sendDecision(store, decision)
  const { id, verdict, by } = decision
  const marked: Elsewhere = { ...elsewhere, decision: { id, verdict, by, at: common.at } }
  // It is sent: that it is not seen here at once undoes nothing.
  await bringSession({ sessions, store, session: view.id, elsewhere: marked, now: at }).catch(() => undefined)
}

/**
 * Takes the decisions that wait in the store for sessions of this machine: each is held to the rules of one made here,
 * and what came of it stands in the session's own log, with the person's name. Gives the sessions that have one.
 */
export async function takeDecisions(
  context: CommandContext,
  store: SharedStore,
  say: (text: string) => void,
): Promise<readonly string[]> {
  const taken: string[] = []
  for (const waiting of await waitingDecisions(store)) {
    const local = await localOf(context.sessions, waiting.session).catch(() => undefined)
    if (local !== 'own') continue
    try {
      const decision = await readDecision(store, waiting)
      if (decision === undefined) continue
      say(`${waiting.session}  ${oneLine(await take(context, decision), 300)}\n`)
      taken.push(waiting.session)
      await store.delete(waiting.name)
    } catch (error) {
      if (isOfStore(error)) throw error
      await leftOver(store, waiting, error, say)
    }
  }
  return taken
}

/** One that cannot be read is removed, since it will never be; another one is taken later. */
async function leftOver(
  store: SharedStore,
  { name, session }: Waiting,
  error: unknown,
  say: (text: string) => void,
): Promise<void> {
  const { code, message } = toFailure(error)
  // Somebody is at it, or its log cannot be written now.
  if (code !== 'store-damaged') return
  say(`${session}  a decision is refused: ${oneLine(message, 300)}\n`)
  await store.delete(name)
}

/** Writes what came of a decision into its session's log, once, and says it. */
async function take(context: CommandContext, decision: Decision): Promise<string> {
  const { session, verdict, by } = decision
  const held = await holdWhole(context, session, { control: noControl })
  try {
    // Whoever wrote it and was killed before it was removed from the store did not say so.
    const known = held.log.events.find((event) => 'decision' in event && event.decision === decision.id)
    const event = known ?? outcomeOf(held, decision)
    if (event !== known) held.log.emit(event)
    return event.type === 'review.refused'
      ? `the word of ${by} (${verdict}) is not taken: ${event.reason}`
      : `${verdict === 'approve' ? 'approved' : 'rejected'} by ${by}`
  } finally {
    await held.release()
  }
}

function outcomeOf(held: HeldSession, decision: Decision): EventBody {
  const { id, by, digest, baseCommit } = decision
  const now = held.view()
  try {
    const no = refusalNow(held, decision.verdict === 'approve' ? 'publish' : 'reject')
    if (no !== undefined) throw no
    if (now.patch?.digest !== digest || now.patch.baseCommit !== baseCommit) throw failures.otherPatch(now.id)
    if (decision.verdict === 'approve') return { ...approveOnce(now, { ...decision, by }), decision: id }
    const reason = decision.reason === '' ? `Rejected by ${by}.` : `Rejected by ${by}: ${decision.reason}`
    return { type: 'session.finished', outcome: 'rejected', reason, decision: id }
  } catch (error) {
    if (!(error instanceof DrydockError)) throw error
    const { message } = error.failure
    return { type: 'review.refused', decision: id, verdict: decision.verdict, by, reason: message }
  }
}
