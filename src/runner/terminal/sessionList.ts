import type { Colors } from './colors.ts'
import { table } from './tables.ts'
import { wrapped } from './wrap.ts'

/** A session in a list, each in words that fit into a line; empty where there is nothing to say. */
export interface SessionLine {
  readonly id: string
  readonly state: string
  readonly repository: string
  readonly task: string
  readonly started: string
  readonly cost: string
  readonly why: string
}

/** Below this seven columns are cut or wrapped until nobody reads them with ease; columns. */
const wide = 160

/** One line each where there is room, else a line with the state and what belongs to it below. */
export function sessionList(lines: readonly SessionLine[], c: Colors, columns: number): string {
  if (columns < wide) return lines.map((line) => block(line, c, columns)).join('\n')
  const rows = lines.map(({ id, state, repository, task, started, cost, why }) => [
    id,
    state,
    repository,
    task,
    started,
    cost,
    why,
  ])
  return table(['session', 'state', 'repository', 'task', 'started', 'cost', 'why'], rows, c, columns)
}

function block(
  { id, state, repository, task, started, cost, why }: SessionLine,
  c: Colors,
  columns: number,
): string {
  const about = [task, repository, started, cost].filter((part) => part !== '').join(' · ')
  return [`${id}  ${state}`, `  ${c.dim(about)}`, `  ${why}`]
    .filter((line) => line.trim() !== '')
    .map((line) => wrapped(line, columns))
    .join('\n')
}
