import { readFile } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { z } from 'zod'
import { failures } from '../../contract/failures.ts'

const place = z
  .string()
  .regex(/^(?:[\w.-]+\/[\w.-]+|(?:https?|ssh):\/\/[^\s]+)$/, 'neither owner/name nor an address')
const within = z.string().refine((path) => !/^[\\/]|\0/.test(path), 'not a relative path')

/** One breaking update that an agent is measured on: an address and a commit, or files beside the set. */
export const RepairCase = z
  .strictObject({
    id: z.string().regex(/^[\w@][\w.@-]*$/),
    /** `owner/name` on its forge, or an address that the user's git can fetch from. */
    repository: place.optional(),
    commit: z
      .string()
      .regex(/^[0-9a-f]{40}$/)
      .optional(),
    /** The commit made the update itself: the project stands at its first parent. */
    before: z.literal(true).optional(),
    /** Folder of files that become a repository of one commit; relative to the set. */
    files: within.optional(),
    /** Folder of the project in it; its root where undefined. */
    folder: within.optional(),
    /** As `drydock update` takes it: name and version. */
    update: z.string().min(1),
    /** Version before, where the source names it; for who reads the list, the project's own lock file counts. */
    from: z.string().min(1).optional(),
    /** Class of the break, where somebody named it; what the checks say where undefined. */
    class: z.string().min(1).optional(),
    /** `build`: by the exit codes of the build alone, as some benchmarks do; else by every check. */
    judged: z.enum(['checks', 'build']).default('checks'),
    /** What a played model changes, a patch beside the set; and whether that truly repairs. */
    played: z.strictObject({ patch: within, repairs: z.boolean() }).optional(),
    /** What a person found out about how it ends, and since when that is so. */
    cause: z.string().optional(),
    mended: z.string().optional(),
  })
  .refine(
    ({ repository, commit, files }) =>
      files === undefined ? repository !== undefined && commit !== undefined : repository === undefined,
    'has either repository and commit, or files',
  )
export type RepairCase = z.infer<typeof RepairCase>

const Manifest = z.strictObject({
  title: z.string().min(1),
  /** Where the cases come from. */
  source: z.string(),
  cases: z.array(RepairCase).min(1),
})

export interface RepairSet extends z.infer<typeof Manifest> {
  /** Folder that the paths of its cases are relative to. */
  readonly base: string
}

/** Reads a set: a manifest, or a folder with `set.json`. Throws `bad-usage`. */
export async function readSet(path: string): Promise<RepairSet> {
  const file = path.endsWith('.json') ? resolve(path) : join(resolve(path), 'set.json')
  try {
    const set = Manifest.parse(JSON.parse(await readFile(file, 'utf8')))
    const ids = set.cases.map(({ id }) => id)
    const twice = ids.find((id, at) => ids.indexOf(id) !== at)
    if (twice !== undefined) throw new Error(`two cases have the id ${twice}`)
    return { ...set, base: dirname(file) }
  } catch (error) {
    const why = error instanceof z.ZodError ? z.prettifyError(error) : String(error)
    throw failures.badUsage(`${basename(file)} is no set of updates: ${why.replaceAll('\n', ' ')}`)
  }
}
