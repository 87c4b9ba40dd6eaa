import type { Elsewhere } from '../../../contract/elsewhere.ts'
import { DrydockError, toFailure } from '../../../contract/failure.ts'
import { failures } from '../../../contract/failures.ts'
import type { CampaignState, JobState } from '../../../contract/fleet/state.ts'
import { readSession, readTask } from '../../../store/session.ts'
import { type Brought, bringSession } from '../../fleet/store/bring.ts'
import { readDecision, waitingDecisions } from '../../fleet/store/decisions.ts'
import { openStore } from '../../fleet/store/open.ts'
import { openShipper } from '../../fleet/store/ship.ts'
import type { SharedStore } from '../../fleet/store/store.ts'
import { secretVariables } from '../../secretVariables.ts'
import { oneLine } from '../../terminal/text.ts'
import type { CommandContext } from '../context.ts'
import { exitCodes } from '../exitCode.ts'
import { openFleet } from './fleet.ts'
import { stateOfCampaign } from './place.ts'

/** The store that every machine of a fleet reaches. Throws `bad-usage` where none is set, `store-refused`. */
export async function requireStore(context: CommandContext): Promise<SharedStore> {
  const store = await openStore(context)
  if (store === undefined) throw failures.noSharedStore()
  return store
}

export interface Shipping {
  readonly store: SharedStore
  /**
   * Ships what is new of the sessions of these campaigns that are here. Never throws: what does not succeed is said once,
   * and tried again later, ever more seldom. `look`: also what did not change since it was last whole there.
   */
  ship(states: readonly CampaignState[], look?: boolean): Promise<void>
}

/** Git's own helpers may want these, so that processes which the runner starts still have them; the store never does. */
const storeSecrets = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN']

const firstPauseMs = 4_000
const longestPauseMs = 300_000

/** Undefined where no store is set. A store that cannot be used is said, and is no reason not to run. */
export async function openShipping(
  context: CommandContext,
  say: (text: string) => void,
  limitMs?: number,
): Promise<Shipping | undefined> {
  const limited = limitMs === undefined ? {} : { limitMs }
  const store = await openStore({ ...context, ...limited }).catch((error: unknown) => {
    say(`Nothing is shipped: ${oneLine(toFailure(error).message, 200)}\n`)
    return undefined
  })
  if (store === undefined) return undefined
  const { sessions, env, userHome } = context
  const secrets = [...secretVariables, ...storeSecrets].flatMap((name) => env[name] ?? [])
  const shipper = openShipper({ sessions, store, secrets, userHome })
  const said = new Set<string>()
  let pauseMs = 0
  let notBefore = 0
  const one = async (session: string, look: boolean): Promise<void> => {
    try {
      await shipper.ship(session, look)
    } catch (error) {
      if (isOfStore(error)) throw error
      // Its log cannot be read: that is this session's trouble alone.
      const text = `${session}  not shipped: ${oneLine(toFailure(error).message, 200)}\n`
      if (!said.has(text)) say(text)
      said.add(text)
    }
  }
  return {
    store,
    async ship(states, look = false) {
      if (Date.now() < notBefore) return
      try {
        for (const { jobs } of states)
          for (const session of jobs.flatMap(({ sessions: all }) => all)) await one(session, look)
        if (pauseMs > 0) say(`The store at ${store.where} is back: what was missing is there.\n`)
        pauseMs = 0
      } catch (error) {
        if (context.signal.aborted) return
        if (pauseMs === 0) say(`Shipped later: ${oneLine(toFailure(error).message, 200)}\n`)
        pauseMs = Math.min(longestPauseMs, Math.max(firstPauseMs, pauseMs * 2))
        notBefore = Date.now() + pauseMs * (0.75 + Math.random() / 2)
      }
    },
  }
}

/** Whether the store is to blame, so that another session has no better chance. */
export function isOfStore(error: unknown): boolean {
  return error instanceof DrydockError && ['store-unreachable', 'store-refused'].includes(error.failure.code)
}

/** `drydock fleet fetch`: sessions of a campaign that other machines have, as far as their logs have come. */
export async function fetchSessions(context: CommandContext, name: string): Promise<number> {
  const store = await requireStore(context)
  await using fleet = await openFleet(context)
  const state = await stateOfCampaign(fleet, name)
  const decisions = await decisionsOf(store)
  const counts = { brought: 0, missing: 0, damaged: 0 }
  for (const one of state.jobs)
    for (const session of one.sessions) {
      // One that was begun again is of interest where somebody looked at it before.
      if (session !== one.session && !(await isHere(context, session))) continue
      const elsewhere = elsewhereOf(state, one, session, decisions)
      const { what, damaged } = await bringSession({
        ...{ sessions: context.sessions, store, session, elsewhere, now: context.now() },
      }).catch(unreadable)
      if (damaged !== undefined) counts.damaged += 1
      if (what === 'none') counts.missing += 1
      if (what === 'new' || what === 'more') counts.brought += 1
      await tell(context, one, session, { what, damaged: damaged?.message })
    }
  const { brought, missing, damaged } = counts
  const also = [
    ...(missing === 0 ? [] : [`${missing} not in the store yet`]),
    ...(damaged === 0 ? [] : [`${damaged} damaged`]),
  ]
  context.stdout.write(`${[`${brought} brought here`, ...also].join('; ')}.\n`)
  return damaged > 0 ? exitCodes.notGreen : exitCodes.done
}

/** What of one session cannot be read keeps none of the others from coming. */
function unreadable(error: unknown): Brought {
  if (!(error instanceof DrydockError) || isOfStore(error)) throw error
  return { what: 'own', damaged: error.failure }
}

function isHere({ sessions }: CommandContext, session: string): Promise<boolean> {
  return readTask(sessions, session).then(
    () => true,
    () => false,
  )
}

async function tell(
  { sessions, stdout, colors: c }: CommandContext,
  { job }: JobState,
  session: string,
  { what, damaged }: { readonly what: string; readonly damaged: string | undefined },
): Promise<void> {
  const say = (mark: string, text: string): void =>
    void stdout.write(`${mark} ${oneLine(job.repository, 60)}  ${oneLine(text, 300)}\n`)
  if (what === 'new' || what === 'more') {
    const { outcome, refused } = await readSession(sessions, session)
    say(c.green('✔'), `drydock show ${session}${outcome === null ? ', as far as it has come' : ''}`)
    if (refused !== undefined)
      say(c.yellow('!'), `the word of ${refused.by} (${refused.verdict}) was not taken: ${refused.reason}`)
  }
  if (damaged !== undefined) say(c.yellow('!'), damaged)
}

/** What waits in the store to be taken, the last one of each session. */
export async function decisionsOf(
  store: SharedStore,
): Promise<ReadonlyMap<string, NonNullable<Elsewhere['decision']>>> {
  const found = new Map<string, NonNullable<Elsewhere['decision']>>()
  for (const waiting of await waitingDecisions(store)) {
    // Of a damaged one whoever is to take it says so.
    const decision = await readDecision(store, waiting).catch((error: unknown) => {
      if (isOfStore(error)) throw error
      return undefined
    })
    if (decision === undefined) continue
    const { id, verdict, by, at } = decision
    found.set(waiting.session, { id, verdict, by, at })
  }
  return found
}

function elsewhereOf(
  { campaign }: CampaignState,
  { status, session: current, worker }: JobState,
  session: string,
  decisions: Awaited<ReturnType<typeof decisionsOf>>,
): Elsewhere {
  const decision = decisions.get(session)
  return {
    campaign: campaign.name,
    worker: worker ?? '',
    atWork: status === 'running' && session === current,
    ...(decision === undefined ? {} : { decision }),
  }
}
