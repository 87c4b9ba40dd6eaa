import { z } from 'zod'
import { Failure } from './failure.ts'

const Answer = z.object({ state: z.enum(['good', 'bad', 'unasked']), said: z.string() })

/** What `drydock doctor --json` prints. */
export const Examination = z.object({
  ready: z.boolean(),
  version: z.string(),
  node: z.string(),
  sessions: z.string(),
  engine: z.object({ address: z.string(), source: z.string() }).optional(),
  engineFailure: Failure.optional(),
  /** Where this runs, and which engine is meant there; absent on a machine of one's own. */
  place: z.object({ name: z.string(), engine: z.string() }).optional(),
  protections: z.array(
    z.object({
      name: z.string(),
      state: z.enum(['on', 'weaker', 'off']),
      why: z.string().optional(),
      essential: z.boolean(),
    }),
  ),
  registries: z.number(),
  /** Of the environment alone: a key kept by the editor is the editor's to tell. */
  key: z.enum(['api key', 'auth token', 'none']),
  /** What the model's server said to the key, and the host of the folder's repository to its token. */
  model: Answer.optional(),
  host: Answer.optional(),
})
export type Examination = z.infer<typeof Examination>
