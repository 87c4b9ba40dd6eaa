import { readdir, readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { tryJson } from '../../contract/json.ts'
import { Report } from '../../contract/report.ts'
import type { Artifacts } from '../../store/emit.ts'
import { writeWhole } from '../wholeFile.ts'

/** Raised where a report says more than before: one that was kept until then counts as not kept. */
const format = 2

const Stored = z.strictObject({
  format: z.literal(format),
  report: Report,
  logs: z.record(z.string(), z.base64()),
})

/**
 * Reports about a base as it is, and about updates whose build breaks, kept by content (the same tree, packages, image
 * and commands) and for one day of UTC: what was green yesterday may be red today without any update, where a test reads
 * the clock.
 */
export interface Baselines {
  /** The kept report, its logs put into this session's artifacts. */
  find(key: string, artifacts: Artifacts): Promise<Report | undefined>
  keep(key: string, report: Report, artifacts: Artifacts): Promise<void>
  forget(key: string): Promise<void>
  count(): Promise<number>
}

/** A folder of one file a baseline; what cannot be read is as if it were not there. */
export function openBaselines(dir: string, now: () => Date = () => new Date()): Baselines {
  const file = (key: string): string => join(dir, `${key}.json`)
  const isOfToday = async (path: string): Promise<boolean> => {
    const made = await stat(path).catch(() => undefined)
    return made !== undefined && dayOf(made.mtime) === dayOf(now())
  }
  const kept = async (): Promise<readonly string[]> => {
    const names = await readdir(dir).catch(() => [])
    return names.filter((name) => name.endsWith('.json')).map((name) => join(dir, name))
  }
  return {
    async find(key, artifacts) {
      if (!(await isOfToday(file(key)))) return undefined
      const text = await readFile(file(key), 'utf8').catch(() => undefined)
      const stored = text === undefined ? undefined : Stored.safeParse(tryJson(text))
      if (!stored?.success) return undefined
      for (const bytes of Object.values(stored.data.logs)) await artifacts.put(Buffer.from(bytes, 'base64'))
      return stored.data.report
    },
    async keep(key, report, artifacts) {
      const logs: Record<string, string> = {}
      for (const { log } of report.steps) logs[log] = (await artifacts.get(log)).toString('base64')
      for (const path of await kept()) if (!(await isOfToday(path))) await rm(path, { force: true })
      await writeWhole(file(key), JSON.stringify({ format, report, logs }))
    },
    forget: (key) => rm(file(key), { force: true }),
    async count() {
      const ofToday = await Promise.all((await kept()).map(isOfToday))
      return ofToday.filter(Boolean).length
    },
  }
}

function dayOf(time: Date): string {
  return time.toISOString().slice(0, 10)
}
