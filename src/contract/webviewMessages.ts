import { z } from 'zod'
import { Sha256 } from './patch.ts'

/** A path in the repository: relative, in slashes, without a way out. */
const RepositoryPath = z
  .string()
  .min(1)
  .max(4096)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
  .regex(/^[^/\\:\u0000-\u001f\u007f][^\\:\u0000-\u001f\u007f]*$/)
  .refine((path) => !path.split('/').some((name) => name === '' || name === '.' || name === '..'))

const Line = z.int().positive()
/** Which hunk of the patch on show, by file and by its place there, from 0. */
const hunk = { digest: Sha256, path: RepositoryPath, hunk: z.int().nonnegative() }

/** All that the review panel may ask of the extension; the panel shows hostile text, so nothing else is heard. */
export const MessageToHost = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('ready') }),
  /** Binds what was on show: another patch, or a warning that is not ticked, voids it. */
  z.strictObject({
    type: z.literal('approve'),
    digest: Sha256,
    acknowledged: z.array(z.string().max(5000)).max(1000),
    withoutJudge: z.boolean().optional(),
  }),
  z.strictObject({ type: z.literal('reject'), reason: z.string().max(10_000).optional() }),
  z.strictObject({ type: z.literal('retry'), note: z.string().max(10_000).optional() }),
  z.strictObject({ type: z.literal('cancel') }),
  z.strictObject({ type: z.literal('openFile'), path: RepositoryPath, line: Line.optional() }),
  /** Opened only after a person confirmed the whole address. */
  z.strictObject({ type: z.literal('openLink'), url: z.url({ protocol: /^https$/ }).max(2000) }),
  z.strictObject({ type: z.literal('dropHunk'), ...hunk }),
  z.strictObject({ type: z.literal('keepHunk'), ...hunk }),
])
export type MessageToHost = z.infer<typeof MessageToHost>
