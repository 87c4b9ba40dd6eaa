import { join } from 'node:path'
import { commands, Uri, window } from 'vscode'
import { isProven } from '../../contract/proof.ts'
import { sessionFiles } from '../../store/files.ts'
import type { Services } from '../services.ts'
import { groupOf, needsAttention } from '../sessions/sessionText.ts'
import type { SessionSummary } from '../sessions/summary.ts'
import { showReview } from '../showReview.ts'
import { chooseSession } from './chooseSession.ts'

const atWork = ({ state, stage }: SessionSummary): boolean =>
  state === 'running' || state === 'queued' || stage !== null
const waits = (row: SessionSummary): boolean => groupOf(row) === 'waiting'

export async function openReviewOf({ store, ...services }: Services, given: unknown): Promise<void> {
  const id = await chooseSession(store, given, 'Open the review of which session?', () => true)
  if (id !== undefined) showReview({ store, ...services }, id)
}

export async function cancel({ store, runner }: Services, given: unknown): Promise<void> {
  const id = await chooseSession(store, given, 'Cancel which session?', atWork)
  if (id !== undefined) await runner.cancel(id)
}

export async function retry(services: Services, given: unknown): Promise<void> {
  const { store, runner } = services
  const id = await chooseSession(
    store,
    given,
    'Retry which session?',
    (row) => needsAttention(row) || waits(row),
  )
  if (id === undefined) return
  const note = await window.showInputBox({
    title: 'Retry',
    prompt: 'What should the agent know this time? May be empty.',
    ignoreFocusOut: true,
  })
  if (note === undefined) return
  const trimmed = note.trim()
  const { session } = await runner.ask({
    do: 'retry',
    session: id,
    ...(trimmed === '' ? {} : { note: trimmed }),
  })
  await store.refresh()
  showReview(services, session)
}

/** A patch is approved where it is seen: a session with open questions opens its review instead. */
export async function publish(services: Services, given: unknown): Promise<void> {
  const { store, runner } = services
  const id = await chooseSession(store, given, 'Publish which session?', waits)
  if (id === undefined) return
  const { patch, warnings, matrix, verdict, task } = await store.load(id)
  const open = warnings.some(({ severity, acknowledged }) => severity === 'acknowledge' && !acknowledged)
  const proven = isProven(matrix) && verdict?.decision === 'approve'
  if (patch === null || open || !proven) {
    showReview(services, id)
    return
  }
  const remote = task.repository.remote?.url ?? 'the remote that the repository has by now'
  const yes = 'Create Pull Request'
  const detail = `${patch.files.length} files, verified and judged. A new branch is pushed to ${remote}.`
  const chosen = await window.showInformationMessage(
    'Approve this patch?',
    { modal: true, detail },
    yes,
    'Open Review',
  )
  if (chosen === 'Open Review') showReview(services, id)
  if (chosen !== yes) return
  const { digest, baseCommit } = patch
  const said = { acknowledged: [], withoutJudge: false, unverified: false }
  await runner.ask({ do: 'publish', session: id, digest, baseCommit, ...said })
  await store.refresh()
}

export async function reject({ store, runner }: Services, given: unknown): Promise<void> {
  const id = await chooseSession(store, given, 'Reject which session?', waits)
  if (id === undefined) return
  const reason = await window.showInputBox({
    title: 'Reject',
    prompt: 'Why? May be empty.',
    ignoreFocusOut: true,
  })
  if (reason === undefined) return
  const trimmed = reason.trim()
  await runner.ask({ do: 'reject', session: id, ...(trimmed === '' ? {} : { reason: trimmed }) })
  await store.refresh()
}

export async function revealLog({ store }: Services, given: unknown): Promise<void> {
  const id = await chooseSession(store, given, 'Show the log of which session?', () => true)
  if (id === undefined) return
  const file = Uri.file(sessionFiles.events(join(store.home, id)))
  await commands.executeCommand('vscode.open', file, { preview: true })
}

export async function deleteSession({ store }: Services, given: unknown): Promise<void> {
  const id = await chooseSession(store, given, 'Delete which session?', (row) => !atWork(row))
  if (id === undefined) return
  const detail = 'Its log, patch and reports are removed from this machine. A branch that was pushed stays.'
  const chosen = await window.showWarningMessage('Delete this session?', { modal: true, detail }, 'Delete')
  if (chosen === 'Delete') await store.remove(id)
}
