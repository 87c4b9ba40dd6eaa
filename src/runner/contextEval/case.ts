import { readdir, readFile } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { gzipSync } from 'node:zlib'
import { pack } from 'tar-stream'
import { z } from 'zod'
import { Report, Step, StepName } from '../../contract/report.ts'
import { Ecosystem as EcosystemId } from '../../contract/task.ts'
import type { Ecosystem } from '../ecosystems/ecosystem.ts'
import type { Tree } from '../ecosystems/project.ts'
import type { PublishedVersion } from '../ecosystems/release/reader.ts'

/** `case.json`: an update, and the checks that it breaks. */
export const ContextCase = z.strictObject({
  package: z.string().min(1),
  ecosystem: EcosystemId,
  from: z.string().min(1),
  to: z.string().min(1),
  /** The package is in the folders `from` and `to`; else a registry has it. */
  made: z.boolean(),
  /** What breaks, in the words of the README. */
  kinds: z.array(z.string()),
  failed: z.array(z.strictObject({ name: StepName, command: z.string(), log: z.string() })),
})
export type ContextCase = z.infer<typeof ContextCase>

async function filesBelow(folder: string): Promise<ReadonlyMap<string, Buffer>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  const read = files.toSorted().map(async (file) => {
    return [relative(folder, file).split(sep).join('/'), await readFile(file)] as const
  })
  return new Map(await Promise.all(read))
}

export async function readContextCase(folder: string): Promise<ContextCase> {
  return ContextCase.parse(JSON.parse(await readFile(join(folder, 'case.json'), 'utf8')))
}

/** The repository of a case before its update. */
export async function caseTree(folder: string): Promise<Tree> {
  const files = await filesBelow(join(folder, 'base'))
  return { paths: [...files.keys()], read: async (path) => files.get(path) }
}

/** A made package as a registry would give it. */
export async function madeVersion(folder: string, version: string): Promise<PublishedVersion> {
  const archive = pack()
  for (const [name, bytes] of await filesBelow(folder)) archive.entry({ name: `package/${name}` }, bytes)
  archive.finalize()
  const chunks: Buffer[] = []
  for await (const chunk of archive) chunks.push(chunk as Buffer)
  return { version, bytes: gzipSync(Buffer.concat(chunks)) }
}

/** What the checks said of the update, from their recorded logs. */
export async function caseReport(
  folder: string,
  { failed }: ContextCase,
  { summarise }: Pick<Ecosystem, 'summarise'>,
): Promise<Report> {
  const steps = failed.map(async ({ name, command, log }): Promise<Step> => {
    const text = await readFile(join(folder, log), 'utf8')
    return Step.parse({
      ...{ name, command, exitCode: 1, timedOut: false, outOfMemory: false, durationMs: 0 },
      ...{ log: '0'.repeat(64), truncated: false, summary: summarise(name, text) },
    })
  })
  return Report.parse({
    ...{ role: 'update', steps: await Promise.all(steps), tests: [], testsNamed: false },
    ...{ ok: false, notes: [] },
  })
}
