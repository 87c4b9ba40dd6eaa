import { z } from 'zod'

/** One declared dependency for which the registry has something newer: a row of `drydock outdated --json`. */
export const OutdatedDependency = z.object({
  /** As its ecosystem names it. */
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
