import { window } from 'vscode'
import { seenLine } from '../../contract/pullRequestSeen.ts'
import type { Services } from '../services.ts'
import { hasFailingChecks, hasOpenThreads, type SessionSummary } from '../sessions/summary.ts'
import { showReview } from '../showReview.ts'
import { chooseSession } from './chooseSession.ts'

const isOpen = ({ outcome, pullRequest }: SessionSummary): boolean =>
  outcome === 'published' && pullRequest !== null

/** Asks the host now, and says what it says. */
export async function sync({ store, runner }: Services, given: unknown): Promise<void> {
  const id = await chooseSession(store, given, 'Ask about the pull request of which session?', isOpen)
  if (id === undefined) return
  await runner.ask({ do: 'sync', session: id })
  await store.refresh()
  const { seen, commit } = await store.load(id)
  if (seen === undefined) return
  const said = [seen.state, seenLine(seen, commit)].filter((part) => part !== '').join(', ')
  void window.showInformationMessage(`The pull request is ${said}.`)
}

/** A session on what base and branch are by now. */
export async function followUp(services: Services, given: unknown): Promise<void> {
  const may = (session: SessionSummary): boolean => isOpen(session) || session.baseMoved
  await start(services, given, { question: 'Follow up which session?', may })
}

/** The same, only where a check fails that passes on the base. */
export async function fixChecks(services: Services, given: unknown): Promise<void> {
  const question = 'Fix the checks of which pull request?'
  await start(services, given, { question, may: hasFailingChecks, checks: true })
}

/** The same, on what people who may write say of it; each thread is answered when the change is published. */
export async function addressComments(services: Services, given: unknown): Promise<void> {
  const question = 'Address the review of which pull request?'
  await start(services, given, { question, may: hasOpenThreads, comments: true })
}

interface Wish {
  readonly question: string
  readonly may: (session: SessionSummary) => boolean
  readonly checks?: boolean
  readonly comments?: boolean
}

async function start(
  services: Services,
  given: unknown,
  { question, may, checks = false, comments = false }: Wish,
): Promise<void> {
  const { store, runner } = services
  const id = await chooseSession(store, given, question, may)
  if (id === undefined) return
  const { session } = await runner.ask({ do: 'follow-up', session: id, checks, comments })
  await store.refresh()
  showReview(services, session)
}
