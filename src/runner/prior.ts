import { accountsOf } from '../contract/account.ts'
import type { SessionView } from '../contract/sessionView.ts'
import type { Task } from '../contract/task.ts'
import { readArtifact } from '../store/artifacts.ts'
import { sessionFolder } from '../store/home.ts'
import { readSession } from '../store/session.ts'
import type { Prior } from './run.ts'
import { threadsTold } from './threadsTold.ts'

/** What the session that a task retries has left; undefined where the task is a first try. */
export async function priorOf(sessions: string, task: Task): Promise<Prior | undefined> {
  if (task.retry === undefined) return undefined
  const view = await readSession(sessions, task.retry.of)
  const { patch } = view
  // The update's own patch is made anew.
  const kept = patch === null || patch.source === 'update' ? undefined : patch.digest
  const text = kept === undefined ? undefined : await readArtifact(sessionFolder(sessions, view.id), kept)
  return {
    attempts: view.attempts.length,
    said: said(view, task.retry.note),
    accounts: accountsOf(view.attempts),
    ...(text === undefined ? {} : { patch: text.toString('utf8') }),
  }
}

/** What speaks against the patch with the base's tests and settings put back, with the words of that run. */
function objections({ warnings, reports }: SessionView): string[] {
  const said = warnings.filter(({ code }) => code.startsWith('objection:')).map(({ message }) => message)
  if (said.length === 0) return []
  const logs = reports.overlay?.steps.flatMap(({ summary }) => (summary === undefined ? [] : [summary.text]))
  return [...said, "With the base's tests, configuration and scripts put back:", ...(logs ?? [])]
}

function said(view: SessionView, note: string | undefined): string {
  const { verdict, matrix, patch } = view
  const judge = verdict?.decision === 'veto' ? [`The judge refused it: ${verdict.summary}`] : []
  const checks = patch?.source === 'update' || matrix?.green === true ? [] : (matrix?.reasons ?? [])
  const reviewer = note === undefined ? [] : [`The reviewer asks: ${note}`]
  // Whoever tries again answers the same people.
  const threads = view.task.threads === undefined ? [] : [threadsTold(view.task.threads)]
  return [...reviewer, ...judge, ...checks, ...objections(view), ...threads].join('\n')
}
