import { readFile } from 'node:fs/promises'
import { z } from 'zod'

/** One breaking update of a public repository: an address, never a line of its code. */
export const WildCase = z.strictObject({
  id: z.string().regex(/^[\w.@-]+$/),
  /** `owner/name` on its forge. */
  repository: z.string().regex(/^[\w.-]+\/[\w.-]+$/),
  commit: z.string().regex(/^[0-9a-f]{40}$/),
  /** Folder of the project; the root where undefined. */
  folder: z.string().optional(),
  /** As `drydock update` takes it: `name@version`, `group:artifact:version`. */
  update: z.string(),
  /** What a person found out about how it ends, and since when that is so. */
  cause: z.string().optional(),
  mended: z.string().optional(),
})
export type WildCase = z.infer<typeof WildCase>

export const WildList = z.strictObject({
  title: z.string(),
  /** Where the cases come from. */
  source: z.string(),
  cases: z.array(WildCase),
})
export type WildList = z.infer<typeof WildList>

export async function readList(file: string): Promise<WildList> {
  return WildList.parse(JSON.parse(await readFile(file, 'utf8')))
}

/** What one session came to, as far as it can be told without a model. */
export const WildResult = z.strictObject({
  id: z.string(),
  /**
   * `asked`: something broke and the agent was asked; `clean`: nothing broke; `missed`: something broke and nobody was
   * asked; `stopped`: the session ended before it could tell; `absent`: the repository is not at hand.
   */
  end: z.enum(['asked', 'clean', 'missed', 'stopped', 'absent']),
  outcome: z.string(),
  reason: z.string(),
  /** Commands that were green as it is and are red with the update. */
  broken: z.array(z.string()),
  /** Each command as it is and with the update: `npm test ok failed`. */
  steps: z.array(z.string()),
  tests: z.string(),
  warnings: z.array(z.string()),
  /** Bytes of the first request to the model. */
  firstRequestBytes: z.int().nonnegative(),
  seconds: z.number().nonnegative(),
  /** Stages of the session in their order, by name and role: seconds, and how often each was begun (rounds of an install). */
  stages: z
    .array(
      z.strictObject({ stage: z.string(), seconds: z.number().nonnegative(), times: z.int().positive() }),
    )
    .optional(),
  version: z.string(),
})
export type WildResult = z.infer<typeof WildResult>
