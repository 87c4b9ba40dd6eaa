import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseEventLines } from '../../../src/contract/eventLines.ts'
import type { Event } from '../../../src/contract/events.ts'

const folder = join(import.meta.dirname, '../../fixtures/sessions')

/** The log of a session as a runner wrote it: `published`, `vetoed`, … */
export async function logOf(name: string): Promise<readonly Event[]> {
  const file = join(folder, `${name}.jsonl`)
  return parseEventLines(file, await readFile(file, 'utf8'), 0)
}

/** What the next runner writes into the log of a dead one. */
export function interrupted(log: readonly Event[]): Event {
  const last = log.at(-1)
  if (last === undefined) throw new Error('an empty log has no end')
  return {
    ...{ v: 1, seq: last.seq + 1, time: last.time, type: 'session.finished' },
    ...{ outcome: 'interrupted', reason: 'The runner ended.' },
  }
}
