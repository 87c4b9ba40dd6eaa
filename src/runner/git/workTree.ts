import { copyFile, lstat, readdir, readlink } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { failures } from '../../contract/failures.ts'
import { parseRaw, type RawChange, records } from './objects.ts'
import { type Environment, type Git, userGit } from './program.ts'
import {
  hashFiles,
  type IndexEntry,
  updateIndex,
  withIndex,
  withScratch,
  writeBlobs,
} from './temporaryIndex.ts'

/** A work tree of the user's, looked at through our own repository: its filters and hooks do not exist there. */
export interface WorkTree {
  readonly git: Git
  /** Our bare repository. */
  readonly dir: string
  readonly root: string
  readonly env: Environment
}

interface Looked {
  /** Against the user's index. */
  readonly changes: readonly RawChange[]
  readonly untracked: readonly string[]
  /** The user's index in `--index-info` form. */
  readonly staged: Buffer
}

/** Settings that say what the file system can do; none of them runs anything. */
const harmless =
  'filemode|symlinks|ignorecase|precomposeunicode|trustctime|checkstat|excludesfile|autocrlf|eol|sparsecheckout|sparsecheckoutcone'

async function look(tree: WorkTree): Promise<Looked> {
  const user = userGit(tree.root, tree.env)
  const [index = '', exclude = ''] = (
    await user.text(['rev-parse', '--git-path', 'index', '--git-path', 'info/exclude'])
  )
    .split('\n')
    .map((path) => resolve(tree.root, path))
  const settings = await harmlessSettings(user)
  await borrowSharedIndex(dirname(index), tree.dir)
  const through = async (args: readonly string[]): Promise<Buffer> => {
    const env = { GIT_WORK_TREE: tree.root, GIT_INDEX_FILE: index }
    return (await tree.git.run([...settings, ...args], { cwd: tree.root, env })).stdout
  }
  const excludes = (await exists(exclude)) ? [`--exclude-from=${exclude}`] : []
  return {
    staged: await through(['ls-files', '--stage', '-z']),
    changes: parseRaw(
      records(await through(['diff-files', '--raw', '-z', '--no-renames', '--ignore-submodules=all'])),
    ),
    untracked: records(await through(['ls-files', '--others', '--exclude-standard', ...excludes, '-z'])),
  }
}

async function harmlessSettings(user: Git): Promise<readonly string[]> {
  const { stdout } = await user.run(['config', '-z', '--get-regexp', `^core\\.(${harmless})$`], {
    answers: [1],
  })
  return records(stdout).flatMap((record) => {
    const [key = '', value] = record.split(/\n(.*)/s)
    return ['-c', value === undefined ? key : `${key}=${value}`]
  })
}

/** A split index names a second file that git looks for beside our own repository's index. */
async function borrowSharedIndex(gitDir: string, dir: string): Promise<void> {
  const names = await readdir(gitDir).catch(() => [])
  for (const name of names)
    if (name.startsWith('sharedindex.')) await copyFile(join(gitDir, name), join(dir, name))
}

/**
 * The tree of what lies in the work tree: tracked files with their changes, and untracked ones that are
 * not ignored, byte for byte. Everything written goes to our repository. `skipped` are nested
 * repositories and things that are no files.
 */
export async function uncommittedTree(
  tree: WorkTree,
): Promise<{ readonly tree: string; readonly skipped: readonly string[] }> {
  const looked = await look(tree)
  if (looked.changes.some((change) => change.status === 'U')) {
    throw failures.unsupportedRepository(
      tree.root,
      'a merge is unfinished',
      'Finish or abort the merge, or leave out --include-uncommitted.',
    )
  }
  return withIndex(tree.git, tree.dir, undefined, async (index, scratch) => {
    await tree.git.run(['update-index', '-z', '--index-info'], { env: index, input: looked.staged })
    const present = looked.changes.filter((change) => change.status !== 'D')
    const { entries, skipped } = await readEntries(tree, scratch, present, looked.untracked)
    const deleted = looked.changes.filter((change) => change.status === 'D')
    const removed = deleted.map(({ path }) => ({ path, mode: null, blob: '0'.repeat(40) }))
    await updateIndex(tree.git, index, [...removed, ...entries])
    return { tree: await tree.git.text(['write-tree'], { env: index }), skipped }
  })
}

interface Found {
  readonly path: string
  readonly mode: '100644' | '100755' | '120000'
}

async function readEntries(
  tree: WorkTree,
  scratch: string,
  changes: readonly RawChange[],
  untracked: readonly string[],
) {
  const modes = [
    ...changes.map(({ path, newMode }) => ({ path, mode: trackedMode(newMode) })),
    ...(await Promise.all(
      untracked.map(async (path) => ({ path, mode: await fileMode(join(tree.root, path)) })),
    )),
  ]
  const found = modes.filter((file): file is Found => file.mode !== undefined)
  const skipped = modes.filter((file) => file.mode === undefined).map(({ path }) => path)
  const links = found.filter((file) => file.mode === '120000')
  const files = found.filter((file) => file.mode !== '120000')
  const targets = await Promise.all(links.map(({ path }) => readlink(join(tree.root, path), 'buffer')))
  const linkBlobs = await writeBlobs(tree.git, scratch, targets)
  const fileBlobs = await hashFiles(
    tree.git,
    files.map(({ path }) => join(tree.root, path)),
    { write: true },
  )
  const entries: IndexEntry[] = [
    ...links.map((link, at) => ({ ...link, blob: linkBlobs[at] ?? '' })),
    ...files.map((file, at) => ({ ...file, blob: fileBlobs[at] ?? '' })),
  ]
  return { entries, skipped }
}

/** Git's own reading, which knows whether the file system keeps executable bits. */
function trackedMode(mode: string): Found['mode'] | undefined {
  return mode === '100644' || mode === '100755' || mode === '120000' ? mode : undefined
}

async function fileMode(path: string): Promise<Found['mode'] | undefined> {
  const found = await lstat(path).catch(() => undefined)
  if (found?.isSymbolicLink() === true) return '120000'
  if (found?.isFile() !== true) return undefined
  return (found.mode & 0o100) === 0 ? '100644' : '100755'
}

/** Whether the work tree differs from the commit: staged, changed, deleted or untracked. */
export async function isDirty(tree: WorkTree, commit: string): Promise<boolean> {
  const looked = await look(tree)
  if (looked.untracked.length > 0) return true
  if (looked.changes.some((change) => change.status !== 'M')) return true
  const headTree = await tree.git.text(['rev-parse', `${commit}^{tree}`])
  return withScratch(tree.dir, async (scratch) => {
    const index = { GIT_INDEX_FILE: join(scratch, 'index') }
    await tree.git.run(['update-index', '-z', '--index-info'], { env: index, input: looked.staged })
    const { entries } = await readEntries(tree, scratch, looked.changes, [])
    await updateIndex(tree.git, index, entries)
    return (await tree.git.text(['write-tree'], { env: index })) !== headTree
  })
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  )
}
