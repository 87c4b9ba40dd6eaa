import { z } from 'zod'

/** A container that ended; where `exitCode` is null something ended it: its user, a limit, the engine. */
export const ContainerEnd = z.strictObject({
  kind: z.enum(['agent', 'project', 'install']),
  /** What its image is for, such as `node 22`. */
  image: z.string(),
  exitCode: z.int().nullable(),
  timedOut: z.literal(true).optional(),
  outOfMemory: z.literal(true).optional(),
  durationMs: z.number().nonnegative(),
})
export type ContainerEnd = z.infer<typeof ContainerEnd>
