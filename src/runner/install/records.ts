import { createHash } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { tryJson } from '../../contract/json.ts'
import { Warning } from '../../contract/verdict.ts'
import { writeWhole } from '../wholeFile.ts'

const Record = z.strictObject({ warnings: z.array(Warning) })

/** A prepared workspace that has an install's packages, and when they were asked for, UTC. */
const Install = z.strictObject({ prepared: z.string(), madeAt: z.iso.datetime() })
export type Install = z.infer<typeof Install>

/** Texts of lock files by their paths. */
const Locks = z.record(z.string(), z.string())

/** What is known of prepared workspaces besides their volumes, in a folder of the user's cache. */
export interface Records {
  warnings(key: string): Promise<readonly Warning[]>
  keepWarnings(key: string, warnings: readonly Warning[]): Promise<void>
  /** What the same install came to before; undefined where that is too long ago: a range or a snapshot may be newer. */
  install(key: string): Promise<Install | undefined>
  keepInstall(key: string, install: Install): Promise<void>
  /** Lock files by path, all that one run of a package manager wrote; undefined where they are not known any more. */
  locks(key: string): Promise<ReadonlyMap<string, Buffer> | undefined>
  keepLocks(key: string, locks: ReadonlyMap<string, Buffer>): Promise<void>
}

/** What was resolved from the same manifests is used again for this long, ms; so long does Maven itself not ask again. */
const lifetime = 24 * 3_600_000

export function openRecords(dir: string): Records {
  const file = (kind: string, key: string) => join(dir, kind, createHash('sha256').update(key).digest('hex'))
  return {
    warnings: async (key) => {
      const text = await readFile(file('prepared', key), 'utf8').catch(() => undefined)
      const parsed = Record.safeParse(text === undefined ? undefined : tryJson(text))
      return parsed.success ? parsed.data.warnings : []
    },
    keepWarnings: (key, warnings) => writeWhole(file('prepared', key), JSON.stringify({ warnings })),
    install: async (key) => {
      const text = await readFile(file('installs', key), 'utf8').catch(() => undefined)
      const parsed = Install.safeParse(text === undefined ? undefined : tryJson(text))
      return parsed.success && Date.now() - Date.parse(parsed.data.madeAt) <= lifetime
        ? parsed.data
        : undefined
    },
    keepInstall: (key, install) => writeWhole(file('installs', key), JSON.stringify(install)),
    locks: async (key) => {
      const path = file('locks', key)
      const age = await stat(path).then(
        ({ mtimeMs }) => Date.now() - mtimeMs,
        () => Number.POSITIVE_INFINITY,
      )
      if (age > lifetime) return undefined
      const parsed = Locks.safeParse(tryJson(await readFile(path, 'utf8')))
      if (!parsed.success) return undefined
      return new Map(Object.entries(parsed.data).map(([name, text]) => [name, Buffer.from(text)]))
    },
    keepLocks: (key, locks) => {
      const texts = [...locks].map(([path, bytes]) => [path, bytes.toString('utf8')])
      return writeWhole(file('locks', key), JSON.stringify(Object.fromEntries(texts)))
    },
  }
}
