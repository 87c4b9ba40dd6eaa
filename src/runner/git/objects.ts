import { failures } from '../../contract/failures.ts'
import type { Git, GitOptions } from './program.ts'
import type { TreeEntry } from './repository.ts'

/** Splits NUL-terminated output. */
export function records(output: Buffer): readonly string[] {
  return output.toString('utf8').split('\0').slice(0, -1)
}

export async function listTree(
  git: Git,
  tree: string,
  bounds: Pick<GitOptions, 'maxOutputBytes'> = {},
): Promise<readonly TreeEntry[]> {
  const { stdout } = await git.run(['ls-tree', '-r', '-l', '-z', '--full-tree', tree], bounds)
  return records(stdout).map(parseEntry)
}

function parseEntry(record: string): TreeEntry {
  const tab = record.indexOf('\t')
  const [mode = '', , blob = '', ...rest] = record.slice(0, tab).split(' ')
  const size = rest.at(-1) ?? '' // blanks align it
  const path = record.slice(tab + 1)
  if (size === 'BAD') {
    throw failures.unsupportedRepository(
      path,
      'its content is not in the local repository (a partial clone)',
      'Fetch everything with `git fetch --refetch --no-filter` and try again.',
    )
  }
  return { path, mode: knownMode(mode), blob, size: size === '-' ? 0 : Number(size) }
}

export function knownMode(mode: string): TreeEntry['mode'] {
  switch (mode) {
    case '100644':
    case '100755':
    case '120000':
    case '160000':
      return mode
    case '100664':
      return '100644'
    default:
      throw failures.gitFailed('ls-tree', `unknown mode ${mode}`)
  }
}

/** The bytes of `tree:path`; undefined where there is no such blob. */
export async function readBlob(git: Git, tree: string, path: string): Promise<Buffer | undefined> {
  const { stdout } = await git.run(['ls-tree', '-z', '--full-tree', tree, '--', path])
  const entry = records(stdout).find((record) => record.endsWith(`\t${path}`))
  const [mode, kind, blob] = entry?.split('\t')[0]?.split(' ') ?? []
  if (kind !== 'blob' || mode === '120000' || blob === undefined) return undefined
  return (await git.run(['cat-file', 'blob', blob])).stdout
}

/** One raw difference between two trees. */
export interface RawChange {
  readonly oldMode: string
  readonly newMode: string
  readonly newBlob: string
  readonly status: string
  readonly path: string
}

export async function rawDiff(git: Git, from: string, to: string): Promise<readonly RawChange[]> {
  const { stdout } = await git.run([
    'diff-tree',
    '-r',
    '--raw',
    '-z',
    '--no-renames',
    '--full-index',
    from,
    to,
  ])
  return parseRaw(records(stdout))
}

/** Pairs of `:oldMode newMode oldBlob newBlob status` and path. */
export function parseRaw(fields: readonly string[]): readonly RawChange[] {
  const changes: RawChange[] = []
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const [oldMode = '', newMode = '', , newBlob = '', status = ''] = fields[at]?.slice(1).split(' ') ?? []
    changes.push({ oldMode, newMode, newBlob, status, path: fields[at + 1] ?? '' })
  }
  return changes
}

/** Sizes of blobs in bytes, in the order asked. */
export async function blobSizes(git: Git, blobs: readonly string[]): Promise<readonly number[]> {
  if (blobs.length === 0) return []
  const { stdout } = await git.run(['cat-file', '--batch-check=%(objectsize)', '--buffer'], {
    input: `${blobs.join('\n')}\n`,
  })
  return stdout.toString('utf8').trimEnd().split('\n').map(Number)
}
