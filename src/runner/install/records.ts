import { createHash } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { tryJson } from '../../contract/json.ts'
import { Warning } from '../../contract/verdict.ts'
import { writeWhole } from '../wholeFile.ts'
import type { WrittenLock } from './writtenLock.ts'

const Record = z.strictObject({ warnings: z.array(Warning) })

/** What is known of prepared workspaces besides their volumes, in a folder of the user's cache. */
export interface Records {
  warnings(key: string): Promise<readonly Warning[]>
  keepWarnings(key: string, warnings: readonly Warning[]): Promise<void>
  lock(key: string): Promise<WrittenLock | undefined>
  keepLock(key: string, lock: WrittenLock): Promise<void>
}

/** A lock file that was made from the same manifests is used again for this long, ms. */
const lockLifetime = 24 * 3_600_000

export function openRecords(dir: string): Records {
  const file = (kind: string, key: string) => join(dir, kind, createHash('sha256').update(key).digest('hex'))
  return {
    warnings: async (key) => {
      const text = await readFile(file('prepared', key), 'utf8').catch(() => undefined)
      const parsed = Record.safeParse(text === undefined ? undefined : tryJson(text))
      return parsed.success ? parsed.data.warnings : []
    },
    keepWarnings: (key, warnings) => writeWhole(file('prepared', key), JSON.stringify({ warnings })),
    lock: async (key) => {
      const path = file('locks', key)
      const age = await stat(path).then(
        ({ mtimeMs }) => Date.now() - mtimeMs,
        () => Number.POSITIVE_INFINITY,
      )
      if (age > lockLifetime) return undefined
      const [name = '', ...rest] = (await readFile(path, 'utf8')).split('\n')
      return { path: name, bytes: Buffer.from(rest.join('\n')) }
    },
    keepLock: (key, lock) => writeWhole(file('locks', key), `${lock.path}\n${lock.bytes.toString('utf8')}`),
  }
}
