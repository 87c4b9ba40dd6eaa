import { z } from 'zod'

export const Sha256 = z.string().regex(/^[0-9a-f]{64}$/)
export const CommitId = z.string().regex(/^([0-9a-f]{40}|[0-9a-f]{64})$/)

/** What a path is to the review: decides warnings and what the double check lays over. */
export const PathRole = z.enum([
  'source',
  'test',
  'manifest',
  'lockfile',
  'config',
  'ci',
  'agent-instructions',
  'docs',
])
export type PathRole = z.infer<typeof PathRole>

export const PatchFile = z.strictObject({
  path: z.string(),
  status: z.enum(['added', 'modified', 'deleted']),
  /** Mode after the patch; undefined for a deletion. */
  mode: z.enum(['100644', '100755']).optional(),
  binary: z.boolean(),
  additions: z.int().nonnegative(),
  deletions: z.int().nonnegative(),
  role: PathRole,
})
export type PatchFile = z.infer<typeof PatchFile>

/**
 * A change against a base commit. `text` is git's unified format (`--binary --no-renames
 * --full-index`), `digest` its sha256 in hex; `files` is derived from the bytes, never declared.
 */
export const Patch = z.strictObject({
  baseCommit: CommitId,
  digest: Sha256,
  files: z.array(PatchFile),
  text: z.string(),
})
export type Patch = z.infer<typeof Patch>

/** Parts of a patch without which the checks stay as green; the whole file where `hunk` is missing, hunks from 0. */
export const Minimised = z.strictObject({
  unneeded: z.array(z.strictObject({ path: z.string(), hunk: z.int().nonnegative().optional() })),
  checks: z.int().nonnegative(),
  /** Every part was tried. */
  complete: z.boolean(),
})
export type Minimised = z.infer<typeof Minimised>

/** A patch as events carry it: the text lies in `artifacts/<digest>`. */
export const PatchRef = Patch.omit({ text: true })
export type PatchRef = z.infer<typeof PatchRef>
