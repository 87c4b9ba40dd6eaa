import { z } from 'zod'

export const layerNames = [
  'bash',
  'broker',
  'edit',
  'gateway',
  'git',
  'package',
  'patch',
  'read',
  'verify',
  'webview',
] as const
export type LayerName = (typeof layerNames)[number]

/** One red-team case: what is tried in which layer, and what must come of it. */
export const Case = z.object({
  id: z.string().min(1),
  layer: z.enum(layerNames),
  input: z.looseObject({}),
  expect: z.enum(['allow', 'deny', 'contain', 'flag']),
  why: z.string(),
})
export type Case = z.infer<typeof Case>

/** What drives the cases of a layer through the real thing; opened when its first case comes. */
export interface Layer extends AsyncDisposable {
  /** Why the case failed, in words; undefined where it passed. */
  run(one: Case): Promise<string | undefined>
}

/** Text that must be seen nowhere: of `/canary/outside.txt`, and of keys that the cases plant. */
export const canary = 'CANARY-7f3a-outside'

/** The input of a case as the layer's own shape; what does not fit is a malformed case. */
export function inputOf<T>(schema: z.ZodType<T>, one: Case): T {
  const parsed = schema.safeParse(one.input)
  if (parsed.success) return parsed.data
  throw new Malformed(z.prettifyError(parsed.error).replaceAll('\n', ' '))
}

/** A case that does not say what to try. */
export class Malformed extends Error {}
