import { z } from 'zod'

/** A version that may be chosen. Missing: the registry does not say, or was not asked. */
export const Choosable = z.object({
  version: z.string(),
  /** UTC. */
  published: z.string().optional(),
  /** What its maintainers say of why nobody should take it. */
  deprecated: z.string().optional(),
})
export type Choosable = z.infer<typeof Choosable>

/** One declared dependency for which the registry has something newer: a row of `drydock outdated --json`. */
export const OutdatedDependency = z.object({
  /** As its ecosystem names it. */
  name: z.string(),
  /** Relative to the repository's root. */
  manifest: z.string(),
  /** `prod`, or what its ecosystem calls the place: `dev`, `peer`, `optional`, `test`, `provided`, `plugin`, `parent`. */
  group: z.string(),
  /** What gives it its version: an update of that one moves it. */
  through: z.string().optional(),
  range: z.string(),
  current: z.string(),
  /** The newest version that the declaration admits. */
  wanted: z.string(),
  latest: z.string(),
  change: z.enum(['major', 'minor', 'patch', 'none']),
  /** The newest of each major from the current one on, the newest first; missing where the registry was not asked so. */
  choices: z.array(Choosable).optional(),
})
export type OutdatedDependency = z.infer<typeof OutdatedDependency>
