import type { SessionView } from './sessionView.ts'
import { taskTitle } from './task.ts'

/** What a session is about, with its versions where they are known: `Update left-pad 1.0.0 → 2.0.0`. */
export function sessionTitle({ task, from, to }: Pick<SessionView, 'task' | 'from' | 'to'>): string {
  if (task.kind !== 'dependency-update' || from === null || to === null) return taskTitle(task)
  return `Update ${task.package} ${from} → ${to}`
}
