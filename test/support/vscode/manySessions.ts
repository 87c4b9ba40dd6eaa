import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fixtureSessions } from '../panel/sessions.ts'

/**
 * Fills a home with this many ended sessions of every kind, in turn, one begun each hour of 2026, of the repository
 * `root` where it is given; returns the bytes of their logs.
 */
export async function fillSessions(home: string, count: number, root?: string): Promise<number> {
  const kinds = [...fixtureSessions().values()].filter(({ events }) =>
    events.some(({ type }) => type === 'session.finished'),
  )
  let bytes = 0
  for (let at = 0; at < count; at += 1) {
    const { id, events } = kinds[at % kinds.length] ?? { id: '', events: [] }
    const own = idOf(at)
    const later = begun(at) - Date.parse(events[0]?.time ?? '')
    const moved = (time: string) => new Date(Date.parse(time) + later).toISOString()
    const [created] = events
    const from = created?.type === 'session.created' ? JSON.stringify(created.task.repository.root) : ''
    const mine = (value: unknown): string => {
      const text = JSON.stringify(value).replaceAll(id, own)
      return root === undefined ? text : text.replaceAll(from, JSON.stringify(root))
    }
    const text = events.map((event) => `${mine({ ...event, time: moved(event.time) })}\n`).join('')
    const folder = join(home, own)
    await mkdir(folder, { recursive: true })
    await writeFile(join(folder, 'events.jsonl'), text)
    const task = created?.type === 'session.created' ? mine(created.task) : '{}'
    await writeFile(join(folder, 'task.json'), task)
    bytes += text.length
  }
  return bytes
}

/** Milliseconds since the epoch. */
function begun(at: number): number {
  return Date.parse('2026-01-01T00:00:00.000Z') + at * 3_600_000
}

function idOf(at: number): string {
  const time = new Date(begun(at)).toISOString()
  return `${time.slice(0, 10).replaceAll('-', '')}-${time.slice(11, 19).replaceAll(':', '')}-${String(at).padStart(6, '0')}`
}
