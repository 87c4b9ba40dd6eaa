import { Event } from './events.ts'
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
  const parsed = Event.safeParse(tryJson(line))
  if (!parsed.success) throw failures.badLog(file, number, parsed.error.message)
  if (parsed.data.seq !== number) throw failures.badLog(file, number, `its number is ${parsed.data.seq}`)
  return parsed.data
}
