import { z } from 'zod'
import { CommitId, PatchRef, Sha256 } from './patch.ts'
import { Matrix, Report } from './report.ts'
import { Warning } from './verdict.ts'

/** A base branch that went on after a session began on it. */
export const BaseMove = z.strictObject({
  branch: z.string(),
  /** What the session stood on, and what the branch is by now. */
  from: CommitId,
  to: CommitId,
})
export type BaseMove = z.infer<typeof BaseMove>

/**
 * Why a change was not brought onto it: its history was written anew and lacks what the change stands on, both sides
 * changed the same lines, the checks there are red, prove less than before, or raise what nobody has acknowledged; or
 * nothing of the change is left to be made.
 */
export const BaseRefusalKind = z.enum([
  'rewritten',
  'conflict',
  'red',
  'less-proven',
  'warnings',
  'nothing-left',
])

export const BaseRefusal = z.strictObject({
  ...BaseMove.shape,
  /** The patch that it is about. */
  digest: Sha256,
  kind: BaseRefusalKind,
  /** Paths of a conflict, codes of warnings, or what the checks say; bounded. */
  reasons: z.array(z.string()),
})
export type BaseRefusal = z.infer<typeof BaseRefusal>

/** The change as it stands on the new base, with what was found of it there. */
export const OnNewBase = z.strictObject({
  ...BaseMove.shape,
  /** Tree of the new base as it was packaged. */
  tree: CommitId,
  patch: PatchRef,
  /** The update as the package manager made it there; missing for other kinds of task. */
  update: PatchRef.optional(),
  reports: z.array(z.strictObject({ attempt: z.int().positive().optional(), report: Report })),
  matrix: Matrix,
  warnings: z.array(Warning),
})
export type OnNewBase = z.infer<typeof OnNewBase>

const short = (commit: string): string => commit.slice(0, 12)

/** What happened, in a sentence. */
export function refusalText({ branch, from, to, kind, reasons }: BaseRefusal): string {
  const moved = `${branch} has moved to ${short(to)} since this was verified`
  const said = reasons.slice(0, 5).join(', ')
  const why: Record<BaseRefusal['kind'], string> = {
    rewritten: `it lacks the commit ${short(from)} that this was verified on`,
    conflict: `both sides changed ${said}`,
    red: `the change is not green on it: ${said}`,
    'less-proven': `the checks prove less on it: ${said}`,
    warnings: `there is more to acknowledge on it: ${said}`,
    'nothing-left': 'it holds the whole change already',
  }
  return `${moved}, and ${why[kind].replace(/\.$/, '')}. Nothing was pushed.`
}

/** That a change was verified once more, for whoever reads what is published. */
export function takenText({ branch, from, to }: BaseMove): string {
  return `${branch} moved from ${short(from)} to ${short(to)} after the session began: the change was brought onto it, and every run was made again there before anything was pushed.`
}
