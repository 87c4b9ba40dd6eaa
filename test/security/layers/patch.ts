import { join } from 'node:path'
import { z } from 'zod'
import { DrydockError } from '../../../src/contract/failure.ts'
import { openBareRepository } from '../../../src/runner/git/bareRepository.ts'
import { readPatch } from '../../../src/runner/patch/read.ts'
import { patchWarnings } from '../../../src/runner/patch/warnings.ts'
import { git, makeRepository, temporaryFolder } from '../../support/madeRepository.ts'
import { type Case, inputOf, type Layer } from '../case.ts'

const Input = z.looseObject({
  patch: z.string(),
  base: z.record(z.string(), z.string()).default({}),
  generator: z.looseObject({ kind: z.string(), count: z.int().positive() }).optional(),
})
type Input = z.infer<typeof Input>

/** Cases of the patch reader and of the bare repository that applies what it read. */
export async function openPatch(): Promise<Layer> {
  return { run: play, [Symbol.asyncDispose]: async () => {} }
}

async function play(one: Case): Promise<string | undefined> {
  const input = inputOf(Input, one)
  const answer = await apply(input)
  if (one.expect === 'deny') return 'refused' in answer ? undefined : `taken, with ${answer.codes}`
  if ('refused' in answer) return `refused: ${answer.refused}`
  if (one.expect === 'flag') return answer.codes.length > 0 ? undefined : 'not flagged'
  return one.expect === 'allow' && answer.blocking.length > 0 ? `flagged: ${answer.blocking}` : undefined
}

type Applied =
  | { readonly refused: string }
  | { readonly codes: readonly string[]; readonly blocking: readonly string[] }

/** Read, then applied to the base in a bare repository; every path of the result must be one that was read. */
async function apply(input: Input): Promise<Applied> {
  await using folder = await temporaryFolder()
  const root = join(folder.path, 'user')
  const commit = await makeRepository(root, input.base)
  const repository = await openBareRepository({ dir: join(folder.path, 'repo.git'), source: root })
  const tree = (await git(root, 'rev-parse', `${commit}^{tree}`)).trim()
  try {
    const patch = readPatch(generated(input), commit)
    const after = await repository.apply(tree, patch.text)
    const { written, deleted } = await repository.changes(tree, after)
    const read = new Set(patch.files.map(({ path }) => path))
    const unread = [...written.map(({ path }) => path), ...deleted].filter((path) => !read.has(path))
    if (unread.length > 0) throw new Error(`applied what was not read: ${unread}`)
    const warnings = patchWarnings(patch, [])
    // Modes are legal; that one changes is pointed out, and no reason to refuse.
    return {
      codes: warnings.map(({ code }) => code),
      blocking: warnings
        .filter(({ severity, code }) => severity === 'acknowledge' && !code.startsWith('executable:'))
        .map(({ code }) => code),
    }
  } catch (error) {
    if (error instanceof DrydockError && error.failure.code === 'patch-refused')
      return { refused: error.failure.message }
    throw error
  }
}

/** A patch made large: its one file many times over, or its one added line. */
function generated({ patch, generator }: Input): string {
  if (generator === undefined) return patch
  const { kind, count } = generator
  if (/file/.test(kind)) {
    const path = /^diff --git "?a\/([^"\n]*?)"? "?b\//m.exec(patch)?.[1] ?? ''
    return Array.from({ length: count }, (_, index) => patch.replaceAll(path, `${index}-${path}`)).join('')
  }
  const line = /^\+(?!\+\+ ).*$/m.exec(patch)?.[0] ?? '+x'
  return patch
    .replace(/^@@ -(\S+) \+(\d+)(?:,\d+)? @@/m, `@@ -$1 +$2,${count} @@`)
    .replace(line, () => Array.from({ length: count }, () => line).join('\n'))
}
