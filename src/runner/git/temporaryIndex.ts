import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Environment, Git } from './program.ts'

/** A folder for one operation inside the repository's own, removed afterwards. */
export async function withScratch<Result>(
  dir: string,
  work: (scratch: string) => Promise<Result>,
): Promise<Result> {
  const scratch = await mkdtemp(join(dir, 'scratch-'))
  try {
    return await work(scratch)
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}

/** An index of one operation, holding `tree` (or nothing) at first. */
export async function withIndex<Result>(
  git: Git,
  dir: string,
  tree: string | undefined,
  work: (index: Environment, scratch: string) => Promise<Result>,
): Promise<Result> {
  return withScratch(dir, async (scratch) => {
    const index = { GIT_INDEX_FILE: join(scratch, 'index') }
    await git.run(tree === undefined ? ['read-tree', '--empty'] : ['read-tree', tree], { env: index })
    return work(index, scratch)
  })
}

export interface IndexEntry {
  readonly path: string
  /** Null removes the path. */
  readonly mode: string | null
  readonly blob: string
}

export async function updateIndex(
  git: Git,
  index: Environment,
  entries: readonly IndexEntry[],
): Promise<void> {
  if (entries.length === 0) return
  const input = entries
    .map(
      ({ mode, blob, path }) => `${mode ?? '0'} ${mode === null ? '0'.repeat(blob.length) : blob}\t${path}\0`,
    )
    .join('')
  await git.run(['update-index', '-z', '--index-info'], { env: index, input })
}

/** Writes blobs as they are, without filters; ids in the order given. */
export async function writeBlobs(
  git: Git,
  scratch: string,
  contents: readonly Buffer[],
): Promise<readonly string[]> {
  if (contents.length === 0) return []
  const paths = await Promise.all(
    contents.map(async (bytes, at) => {
      const path = join(scratch, `blob-${at}`)
      await writeFile(path, bytes)
      return path
    }),
  )
  return hashFiles(git, paths, { write: true })
}

/** Blob ids of files on disk, raw. Names may hold anything: git unquotes them. */
export async function hashFiles(
  git: Git,
  paths: readonly string[],
  { write }: { readonly write: boolean },
): Promise<readonly string[]> {
  if (paths.length === 0) return []
  const args = ['hash-object', '--no-filters', '--stdin-paths', ...(write ? ['-w'] : [])]
  const ids = await git.text(args, { input: `${paths.map(quoted).join('\n')}\n` })
  return ids.split('\n')
}

/** A path as git's C-style quoting writes it, where a line cannot hold it plainly. */
function quoted(path: string): string {
  if (!/["\\\n\r\t]/.test(path)) return path
  const escapes: Record<string, string> = { '"': '\\"', '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' }
  return `"${path.replace(/["\\\n\r\t]/g, (char) => escapes[char] ?? char)}"`
}
