import type { SessionView } from '../contract/sessionView.ts'
import type { Task } from '../contract/task.ts'
import { readArtifact } from './log/artifacts.ts'
import { sessionFolder } from './log/home.ts'
import { readSession } from './log/session.ts'
import type { Earlier } from './run.ts'

/** What the session that a task retries has left; undefined where the task is a first try. */
export async function earlierOf(sessions: string, task: Task): Promise<Earlier | undefined> {
  if (task.retry === undefined) return undefined
  const view = await readSession(sessions, task.retry.of)
  const { patch } = view
  // The update's own patch is made anew.
  const kept = patch === null || patch.source === 'update' ? undefined : patch.digest
  const text = kept === undefined ? undefined : await readArtifact(sessionFolder(sessions, view.id), kept)
  return {
    attempts: view.attempts.length,
    said: said(view, task.retry.note),
    ...(text === undefined ? {} : { patch: text.toString('utf8') }),
  }
}

function said({ verdict, matrix, patch }: SessionView, note: string | undefined): string {
  const judge = verdict?.decision === 'veto' ? [`The judge refused it: ${verdict.summary}`] : []
  const checks = patch?.source === 'update' || matrix?.green === true ? [] : (matrix?.reasons ?? [])
  const reviewer = note === undefined ? [] : [`The reviewer asks: ${note}`]
  return [...reviewer, ...judge, ...checks].join('\n')
}
