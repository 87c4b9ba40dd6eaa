import { z } from 'zod'

export const MavenArtifact = z.strictObject({
  groupId: z.string(),
  artifactId: z.string(),
  version: z.string(),
  type: z.string().optional(),
  classifier: z.string().optional(),
})
export type MavenArtifact = z.infer<typeof MavenArtifact>

/**
 * What is resolved together. The versions that the POM of a root manages (a plugin, a provider of tests) count for all of
 * it, as in the class loader that Maven makes of one.
 */
export const MavenSet = z.strictObject({
  root: MavenArtifact.optional(),
  artifacts: z.array(MavenArtifact),
  /** What the root depends on and nobody would get who depends on the root: as near as what else the root brings. */
  optional: z.array(MavenArtifact).optional(),
})
export type MavenSet = z.infer<typeof MavenSet>

/** What the program in the install container is asked to do; `v` rises with what it makes of it, being part of cache keys. */
export const MavenInstall = z.strictObject({
  v: z.literal(7),
  /** POMs of modules by packaging, such as `jar`, relative to the workspace; goals run for one packaging at a time. */
  modules: z.record(z.string(), z.array(z.string())),
  /** Artifacts that are resolved together. */
  sets: z.array(MavenSet),
  /** No repository has them and the user would do without: an empty jar takes their place, and a POM where there is none. */
  empty: z.array(z.strictObject({ artifact: MavenArtifact, pom: z.boolean() })),
  /** Passed on to Maven: profiles and properties. */
  args: z.array(z.string()),
})
export type MavenInstall = z.infer<typeof MavenInstall>
