import { Event, EventBody } from './events.ts'
import { failures } from './failures.ts'
import { tryJson } from './json.ts'

/** Events of a log's whole lines, the first of which is number `before` + 1. Throws `bad-log`, with the line's number. */
export function parseEventLines(file: string, text: string, before: number): readonly Event[] {
  if (text === '') return []
  return text
    .slice(0, -1)
    .split('\n')
    .map((line, at) => parseLine(file, line, before + at + 1))
}

function parseLine(file: string, line: string, number: number): Event {
  const value = tryJson(line)
  const parsed = Event.safeParse(value)
  if (!parsed.success && isNewer(value)) throw failures.newerLog(file, number)
  if (!parsed.success) throw failures.badLog(file, number, parsed.error.message)
  if (parsed.data.seq !== number) throw failures.badLog(file, number, `its number is ${parsed.data.seq}`)
  return parsed.data
}

const known = new Set<string>(EventBody.options.map(({ shape }) => shape.type.value))

/** A version or a kind of event that this one does not know yet, in an envelope that is whole. */
function isNewer(value: unknown): boolean {
  const { v, seq, time, type } = Object(value) as Record<string, unknown>
  if (typeof v !== 'number' || typeof seq !== 'number' || typeof time !== 'string') return false
  return v > 1 || (typeof type === 'string' && !known.has(type))
}
