import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

interface Line {
  readonly type: string
  readonly stage?: string
  readonly role?: string
}

const pollMs = 20

/** Sessions of a home, the newest last. */
export async function sessionsOf(home: string): Promise<readonly string[]> {
  const names = await readdir(join(home, 'sessions')).catch(() => [])
  return names.filter((name) => /^\d{8}-\d{6}-/.test(name)).sort()
}

/**
 * Waits until the newest session has begun a stage (name, and role where it is given) after the events that it had, or
 * until the work is over. True where the stage came.
 */
export async function stageBegun(
  home: string,
  wanted: string,
  since: number,
  over: AbortSignal,
): Promise<boolean> {
  const [stage, role] = wanted.split(' ')
  while (!over.aborted) {
    const events = (await eventsOf(home)).slice(since)
    const is = (one: Line) =>
      one.type === 'stage.started' && one.stage === stage && (role === undefined || one.role === role)
    if (events.some(is)) return true
    await delay(pollMs)
  }
  return false
}

/** Whole lines of the newest session's log, as they are. */
export async function eventsOf(home: string): Promise<readonly Line[]> {
  const id = (await sessionsOf(home)).at(-1)
  if (id === undefined) return []
  const text = await readFile(join(home, 'sessions', id, 'events.jsonl'), 'utf8').catch(() => '')
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Line)
}
