import { z } from 'zod'

/** One declared dependency for which the registry has something newer: a row of `drydock outdated --json`. */
export const OutdatedDependency = z.object({
  /** `name` for npm, `group:artifact` for Maven. */
  name: z.string(),
  /** Relative to the repository's root. */
  manifest: z.string(),
  group: z.string(),
  range: z.string(),
  current: z.string(),
  /** The newest version that the declaration admits. */
  wanted: z.string(),
  latest: z.string(),
  change: z.enum(['major', 'minor', 'patch', 'none']),
})
export type OutdatedDependency = z.infer<typeof OutdatedDependency>
