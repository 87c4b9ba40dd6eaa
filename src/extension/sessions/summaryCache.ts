import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { SessionEntry } from './sessionEntry.ts'
import type { SessionSummary } from './summary.ts'

/** Raised where a summary's form changes: older caches are then read from the logs again. */
const form = 6

/** What an earlier start kept; empty where there is nothing that can be read. */
export async function readSummaries(file: string): Promise<Map<string, SessionEntry>> {
  try {
    const kept = JSON.parse(await readFile(file, 'utf8')) as {
      readonly form: number
      readonly entries: readonly { readonly stamp: string; readonly summary: SessionSummary }[]
    }
    if (kept.form !== form) return new Map()
    return new Map(kept.entries.map((entry) => [entry.summary.id, entry]))
  } catch {
    return new Map() // it is a cache: the logs say the same
  }
}

/** Keeps summaries for the next start; two windows may write, and either's file is true. */
export async function writeSummaries(file: string, entries: readonly SessionEntry[]): Promise<void> {
  const partial = `${file}.${process.pid}`
  await mkdir(dirname(file), { recursive: true })
  const kept = entries.map(({ stamp, summary }) => ({ stamp, summary }))
  await writeFile(partial, JSON.stringify({ form, entries: kept }))
  await rename(partial, file)
}
