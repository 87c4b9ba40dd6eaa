import { window } from 'vscode'
import { seenLine } from '../../contract/pullRequestSeen.ts'
import type { Services } from '../services.ts'
import type { SessionSummary } from '../sessions/summary.ts'
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
  await start(services, given, false)
}

/** The same, only where a check fails that passes on the base. */
export async function fixChecks(services: Services, given: unknown): Promise<void> {
  await start(services, given, true)
}

async function start(services: Services, given: unknown, checks: boolean): Promise<void> {
  const { store, runner } = services
  const question = checks ? 'Fix the checks of which pull request?' : 'Follow up which pull request?'
  const id = await chooseSession(store, given, question, isOpen)
  if (id === undefined) return
  const { session } = await runner.ask({ do: 'follow-up', session: id, checks })
  await store.refresh()
  showReview(services, session)
}
