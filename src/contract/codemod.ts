import { z } from 'zod'
import { Sha256 } from './patch.ts'
import { SessionId } from './sessionId.ts'

/** Most characters of a codemod's own text. */
export const maxCodemod = 64 * 1024

/** The repair that a codemod was distilled from. */
export const CodemodOrigin = z.strictObject({
  session: SessionId,
  /** The updated package, as its ecosystem names it, and the version that it came to. */
  package: z.string().min(1).max(300),
  to: z.string().min(1).max(300),
  /** sha256 of the patch. */
  patch: Sha256,
})
export type CodemodOrigin = z.infer<typeof CodemodOrigin>

/**
 * A repair that can be made again elsewhere. `ast-grep`: its text is YAML, one or more rules with a `fix`; `script`: an
 * ES module whose default export gets a file's text and path and returns the text as it should be. It is given the code
 * that `files` match, and can change the text of these files and nothing else.
 */
export const Codemod = z.strictObject({
  v: z.literal(1),
  kind: z.enum(['ast-grep', 'script']),
  title: z.string().min(1).max(200),
  files: z.array(z.string().min(1).max(300)).min(1).max(20),
  text: z.string().min(1).max(maxCodemod),
  from: CodemodOrigin.optional(),
})
export type Codemod = z.infer<typeof Codemod>

/**
 * What came of it: `covered`, what the update broke is repaired; `partly`, it changed something and checks still fail;
 * `nothing`, no file changed; `worse`, a check that passes with the update alone does not any more; `failed`, it did not
 * run to its end or answered what it may not.
 */
export const CodemodResult = z.enum(['covered', 'partly', 'nothing', 'worse', 'failed'])
export type CodemodResult = z.infer<typeof CodemodResult>

/** A codemod in a session, as the view has it. */
export const CodemodView = z.strictObject({
  title: z.string(),
  /** The session whose repair it is, where that is known. */
  from: SessionId.optional(),
  result: CodemodResult,
  /** Files that it changed. */
  files: z.int().nonnegative(),
  /** Why, where it failed or covered less than all. */
  detail: z.string().optional(),
})
export type CodemodView = z.infer<typeof CodemodView>

/** What the program writes. Untrusted: the codemod runs beside it. */
export const CodemodAnswer = z.strictObject({
  changed: z.array(z.strictObject({ path: z.string().max(4096), text: z.string() })).max(10_000),
  /** Files that the script threw on, and what it said. */
  failed: z.array(z.strictObject({ path: z.string().max(4096), message: z.string().max(2_000) })).max(100),
})
export type CodemodAnswer = z.infer<typeof CodemodAnswer>

/** `repaired by a codemod of session X`, and what it is where it is less. */
export function codemodLine({ title, from, result, files, detail }: CodemodView): string {
  const whose = from === undefined ? 'a codemod' : `the codemod of session ${from}`
  const count = `${files} ${files === 1 ? 'file' : 'files'}`
  const said = {
    covered: `repaired by ${whose}, which changed ${count}`,
    partly: `${whose} changed ${count}, and more was needed`,
    nothing: `${whose} found nothing to change`,
    worse: `${whose} changed ${count} and made checks fail that passed: its change was dropped`,
    failed: `${whose} did not run to its end`,
  }[result]
  return `${said} (${title})${detail === undefined ? '' : `: ${detail}`}`
}
