import { readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { tryJson } from '../../contract/json.ts'
import { Report } from '../../contract/report.ts'
import type { Artifacts } from '../log/emit.ts'
import { writeWhole } from '../wholeFile.ts'

/** Raised where a report says more than before: one that was kept until then counts as not kept. */
const format = 2

const Stored = z.strictObject({
  format: z.literal(format),
  report: Report,
  logs: z.record(z.string(), z.base64()),
})

/** Reports about a base as it is, kept by content: the same tree, packages, image and commands. */
export interface Baselines {
  /** The kept report, its logs put into this session's artifacts. */
  find(key: string, artifacts: Artifacts): Promise<Report | undefined>
  keep(key: string, report: Report, artifacts: Artifacts): Promise<void>
  forget(key: string): Promise<void>
  count(): Promise<number>
}

/** A folder of one file a baseline; what cannot be read is as if it were not there. */
export function openBaselines(dir: string): Baselines {
  const file = (key: string): string => join(dir, `${key}.json`)
  return {
    async find(key, artifacts) {
      const text = await readFile(file(key), 'utf8').catch(() => undefined)
      const stored = text === undefined ? undefined : Stored.safeParse(tryJson(text))
      if (!stored?.success) return undefined
      for (const bytes of Object.values(stored.data.logs)) await artifacts.put(Buffer.from(bytes, 'base64'))
      return stored.data.report
    },
    async keep(key, report, artifacts) {
      const logs: Record<string, string> = {}
      for (const { log } of report.steps) logs[log] = (await artifacts.get(log)).toString('base64')
      await writeWhole(file(key), JSON.stringify({ format, report, logs }))
    },
    forget: (key) => rm(file(key), { force: true }),
    async count() {
      const names = await readdir(dir).catch(() => [])
      return names.filter((name) => name.endsWith('.json')).length
    },
  }
}
