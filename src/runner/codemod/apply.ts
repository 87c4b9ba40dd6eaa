import { Readable } from 'node:stream'
import picomatch from 'picomatch'
import tar from 'tar-stream'
import { type Codemod, CodemodAnswer } from '../../contract/codemod.ts'
import { codemodPaths } from '../../contract/codemodPaths.ts'
import { DrydockError } from '../../contract/failure.ts'
import { failures } from '../../contract/failures.ts'
import { tryJson } from '../../contract/json.ts'
import { bounded, neutralise } from '../../contract/text.ts'
import type { Container, ExecResult, Sandbox } from '../docker/sandbox.ts'
import { using } from '../docker/using.ts'
import type { BareRepository, TreeEntry } from '../git/repository.ts'
import { roleOf } from '../patch/roles.ts'

export interface ApplyContext {
  readonly sandbox: Pick<Sandbox, 'image' | 'start'>
  readonly repository: Pick<BareRepository, 'archive' | 'entries' | 'read' | 'withFiles'>
  readonly progress: (message: string) => void
  readonly signal: AbortSignal
  /** Of the whole application; three minutes where undefined. */
  readonly timeoutMs?: number
}

/** The tree after the codemod, or why there is none. */
export type Applied =
  | { readonly tree: string; readonly changed: readonly string[]; readonly detail?: string }
  | NotApplied

interface NotApplied {
  readonly why: string
}

const limits = {
  timeoutMs: 180_000,
  /** Of one file, and of all that are given: a codemod is for code that people write. */
  fileBytes: 1024 * 1024,
  allBytes: 64 * 1024 * 1024,
  resultBytes: 64 * 1024 * 1024,
  outputBytes: 16 * 1024,
} as const

/**
 * Applies a codemod to a tree in a container of its own, which has neither the project's dependencies nor its
 * configuration, and nothing else to give back than new text of the code that it was given. Throws `cancelled` and what
 * the engine throws; whatever the codemod does is a value.
 */
export async function applyCodemod(
  context: ApplyContext,
  codemod: Codemod,
  tree: string,
  testPaths: readonly string[],
): Promise<Applied> {
  const { sandbox, repository, signal } = context
  const given = codeFor(codemod, await repository.entries(tree), testPaths)
  if (given.length === 0) return { tree, changed: [] }
  if (given.reduce((sum, { size }) => sum + size, 0) > limits.allBytes)
    return { why: `there are more than ${limits.allBytes >> 20} MB of code for it` }
  const image = await sandbox
    .image({ kind: 'codemod' }, context.progress, signal)
    .catch((error: unknown) => whyNoImage(error))
  if ('why' in image) return image
  const answer = await using(await sandbox.start({ kind: 'project', image }, signal), (container) =>
    answerOf(context, container, codemod, given),
  )
  return 'why' in answer ? answer : await changedTree(context, tree, given, answer)
}

/** A machine that cannot fetch its tool has an agent all the same. */
function whyNoImage(error: unknown): NotApplied {
  if (error instanceof DrydockError && error.failure.code === 'image-build-failed')
    return { why: error.failure.message }
  throw error
}

/** Code that it may change: no manifest, lock file, configuration, CI file or instruction, however its globs read. */
export function codeFor(
  { files }: Pick<Codemod, 'files'>,
  entries: readonly TreeEntry[],
  testPaths: readonly string[],
): readonly TreeEntry[] {
  const matches = picomatch([...files], { dot: true })
  return entries.filter(
    ({ path, mode, size }) =>
      (mode === '100644' || mode === '100755') &&
      size > 0 &&
      size <= limits.fileBytes &&
      matches(path) &&
      ['source', 'test'].includes(roleOf(path, testPaths)),
  )
}

async function answerOf(
  { repository, progress, signal, timeoutMs = limits.timeoutMs }: ApplyContext,
  container: Container,
  codemod: Codemod,
  given: readonly TreeEntry[],
): Promise<CodemodAnswer | NotApplied> {
  progress(filesOf(given.length))
  const made = { timeoutMs, maxOutputBytes: limits.outputBytes, cwd: '/tmp', signal }
  await container.exec(['/bin/mkdir', '-p', codemodPaths.code], made)
  await container.putArchive(codemodPaths.code, repository.archive(given))
  await container.putArchive('/tmp', textOf(codemod))
  const ran = await container.exec(['node', '/drydock/codemod.mjs', codemod.kind], made)
  if (signal.aborted) throw failures.cancelled()
  if (ran.exitCode !== 0) return { why: endOf(ran, timeoutMs) }
  const bytes = await container.readFile(codemodPaths.result, limits.resultBytes + 1)
  if (bytes === undefined) return { why: 'it left no result' }
  if (bytes.length > limits.resultBytes) return { why: 'its result is too large' }
  const answer = CodemodAnswer.safeParse(tryJson(bytes.toString('utf8')))
  return answer.success ? answer.data : { why: 'its result could not be read' }
}

function endOf({ exitCode, timedOut, outOfMemory, output }: ExecResult, timeoutMs: number): string {
  if (timedOut) return `it did not end within ${timeoutMs / 1000} s`
  if (outOfMemory) return 'it ran out of memory'
  const said = bounded(neutralise(output.toString('utf8')), 1_000)
    .replaceAll(/\s+/g, ' ')
    .trim()
  return `it ended with ${exitCode ?? 'a signal'}${said === '' ? '' : `: ${said}`}`
}

function textOf({ kind, text }: Codemod): Readable {
  const pack = tar.pack()
  const path = kind === 'script' ? codemodPaths.script : codemodPaths.rules
  pack.entry({ name: path.slice('/tmp/'.length) }, text)
  pack.finalize()
  return Readable.from(pack)
}

async function changedTree(
  { repository }: ApplyContext,
  tree: string,
  given: readonly TreeEntry[],
  { changed, failed }: CodemodAnswer,
): Promise<Applied> {
  const known = new Set(given.map(({ path }) => path))
  const stranger = changed.find(({ path }) => !known.has(path))
  if (stranger !== undefined) return { why: `it changed ${shown(stranger.path)}, which it was not given` }
  const files = new Map<string, Buffer>()
  for (const { path, text } of changed) {
    const before = await repository.read(tree, path)
    const after = Buffer.from(text)
    // Bytes that are no text come back as something else, whatever the codemod did.
    if (before === undefined || !isText(before)) return { why: `${shown(path)} is no text` }
    if (!before.equals(after)) files.set(path, after)
  }
  const missed = failed[0]
  const detail =
    missed === undefined
      ? {}
      : {
          detail: `${filesOf(failed.length)} made it fail, ${shown(missed.path)} first: ${shown(missed.message)}`,
        }
  if (files.size === 0) return { tree, changed: [], ...detail }
  return { tree: await repository.withFiles(tree, files), changed: [...files.keys()], ...detail }
}

function filesOf(count: number): string {
  return `${count} ${count === 1 ? 'file' : 'files'}`
}

function isText(bytes: Buffer): boolean {
  return Buffer.from(bytes.toString('utf8')).equals(bytes)
}

function shown(text: string): string {
  return bounded(neutralise(text), 200).replaceAll(/\s+/g, ' ')
}
