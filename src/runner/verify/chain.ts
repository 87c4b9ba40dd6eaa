import type { ExecResult } from '../docker/sandbox.ts'
import type { Check, CheckChain, CheckScope } from '../ecosystems/check.ts'
import { dividedNote } from './notes.ts'

/** What decides which commands are run in parts, or beside others. */
export interface Division {
  readonly scope?: CheckScope
  /**
   * Commands that failed as a whole on the base, of which the parts are run instead; undefined: whatever chains several
   * and fails is divided, which is for the base alone. What is run beside a failing command is run in any case.
   */
  readonly split?: readonly string[]
}

/** A check, or what stands for it or beside it since the base. */
export function planned(
  check: Check,
  { split }: Pick<Division, 'split'>,
  found: { readonly notes: string[]; readonly split: string[] },
): readonly Check[] {
  if (check.chain === undefined || split?.includes(check.display) !== true) return [check]
  found.notes.push(dividedNote(check.display, check.chain))
  found.split.push(check.display)
  return check.chain.beside === true ? [check, ...check.chain.checks] : check.chain.checks
}

/**
 * What replaces a command is for the base to decide, or the runs after it could not be compared; what is run beside it only
 * adds: it shows what a rule hides that the update is the first to break.
 */
function mayDivide({ chain, display }: Check, { split, scope }: Division): boolean {
  if (split === undefined) return true
  return chain?.beside === true && !split.includes(display) && scope?.testFiles === undefined
}

/** What is to be run after a check that failed, in its place or beside it. */
export function chainAfter(
  check: Check,
  { exitCode, output }: ExecResult,
  request: Division,
): CheckChain | undefined {
  const { chain } = check
  if (chain === undefined || exitCode === null || exitCode === 0 || !mayDivide(check, request))
    return undefined
  return chain.when?.(output.toString('utf8')) === false ? undefined : chain
}
