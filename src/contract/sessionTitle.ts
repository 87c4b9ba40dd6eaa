import type { SessionView } from './sessionView.ts'
import { type Task, taskTitle } from './task.ts'

type Titled = Pick<SessionView, 'task' | 'from' | 'to'>

/** What a session is about, with its versions where they are known: `Update left-pad 1.0.0 → 2.0.0 in packages/web`. */
export function sessionTitle({ task, from, to }: Titled): string {
  if (task.kind !== 'dependency-update') return taskTitle(task)
  const what = from === null || to === null ? taskTitle(task) : `Update ${task.package} ${from} → ${to}`
  return `${what}${inFolder(task)}`
}

/** Two members of a monorepo may have the same dependency. */
function inFolder({ manifest = '' }: Extract<Task, { kind: 'dependency-update' }>): string {
  const end = manifest.lastIndexOf('/')
  return end < 0 ? '' : ` in ${manifest.slice(0, end)}`
}
