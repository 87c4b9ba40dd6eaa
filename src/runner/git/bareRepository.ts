import { mkdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { failures } from '../../contract/failures.ts'
import { alternatesFile, objectStores } from './alternates.ts'
import { applyPatch } from './apply.ts'
import { archiveEntries } from './archive.ts'
import { diffTrees } from './diff.ts'
import { isAncestor, mergeCommits } from './merge.ts'
import { blobSizes, knownMode, listTree, rawDiff, readBlob } from './objects.ts'
import { oneCommitGit } from './oneCommit.ts'
import { bareGit, type Environment, type Git, plainGit, userGit } from './program.ts'
import type { BareRepository, Identity, Signing } from './repository.ts'
import { commitSigned } from './signing.ts'
import { updateIndex, withIndex, writeBlobs } from './temporaryIndex.ts'

export interface BareRepositoryOptions {
  /** The session's `repo.git`; made where it is missing. */
  readonly dir: string
  /** Path in the user's repository, whose objects are borrowed and never written. */
  readonly source: string
  /** For PATH and temporary folders; git's own variables in it are ignored. */
  readonly env?: Environment
}

/** Throws `not-a-repository` where `source` is none. */
export async function openBareRepository(options: BareRepositoryOptions): Promise<BareRepository> {
  const { source, env = {} } = options
  const dir = resolve(options.dir)
  const user = userGit(resolve(source), env)
  const common = await commonDir(user, source)
  if (!(await exists(join(dir, 'HEAD')))) {
    const format = await user.text(['rev-parse', '--show-object-format'])
    await mkdir(dir, { recursive: true, mode: 0o700 })
    await plainGit(dir, env).run([
      'init',
      '--bare',
      '--quiet',
      '--template=',
      `--object-format=${format}`,
      dir,
    ])
  }
  await borrow(dir, common)
  return repositoryAt(dir, bareGit(dir, env))
}

/** The folder that holds objects, shared by all work trees of a repository. */
export async function commonDir(user: Git, source: string): Promise<string> {
  const found = await user.run(['rev-parse', '--git-common-dir'], { answers: [128] })
  if (found.exitCode !== 0) throw failures.notARepository(source)
  return resolve(source, found.stdout.toString('utf8').replace(/\n$/, ''))
}

async function borrow(dir: string, common: string): Promise<void> {
  await mkdir(join(dir, 'objects', 'info'), { recursive: true })
  await writeFile(
    join(dir, 'objects', 'info', 'alternates'),
    alternatesFile(await objectStores(join(common, 'objects'))),
  )
  const shallow = await readFile(join(common, 'shallow')).catch(() => undefined)
  if (shallow !== undefined) await writeFile(join(dir, 'shallow'), shallow)
}

function repositoryAt(dir: string, git: Git): BareRepository {
  return {
    dir,
    entries: (tree) => listTree(git, tree),
    read: (tree, path) => readBlob(git, tree, path),
    archive: (entries) => archiveEntries(git, entries),
    apply: (tree, patchText) => applyPatch(git, dir, tree, patchText),
    withFiles: (tree, files) => withFiles(git, dir, tree, files),
    diff: (baseCommit, from, to) => diffTrees(git, dir, baseCommit, from, to),
    changes: (from, to) => changes(git, from, to),
    oneCommitGit: (tree) => oneCommitGit(git, dir, tree),
    committed: async (at) => {
      const seconds = await git.text(['show', '--no-patch', '--format=%ct', `${at}^{commit}`])
      return new Date(Number(seconds) * 1000).toISOString()
    },
    commit: (tree, parents, message, identity, signing) =>
      commit(git, { tree, parents: [parents].flat(), message }, identity, signing),
    subjects: async (at, most) => {
      const text = await git.text(['log', '--no-merges', `--max-count=${most}`, '--format=%s', at])
      return text === '' ? [] : text.split('\n')
    },
    merge: (ours, theirs) => mergeCommits(git, ours, theirs),
    isAncestor: (one, of) => isAncestor(git, one, of),
  }
}

async function withFiles(
  git: Git,
  dir: string,
  tree: string,
  files: ReadonlyMap<string, Buffer | null>,
): Promise<string> {
  return withIndex(git, dir, tree, async (index, scratch) => {
    const written = [...files].filter((file): file is [string, Buffer] => file[1] !== null)
    const removed = [...files].filter(([, bytes]) => bytes === null).map(([path]) => path)
    const blobs = await writeBlobs(
      git,
      scratch,
      written.map(([, bytes]) => bytes),
    )
    const executable = await executablePaths(git, index)
    await updateIndex(git, index, [
      ...removed.map((path) => ({ path, mode: null, blob: tree })),
      ...written.map(([path], at) => ({
        path,
        mode: executable.has(path) ? '100755' : '100644',
        blob: blobs[at] ?? '',
      })),
    ])
    return git.text(['write-tree'], { env: index })
  })
}

async function executablePaths(git: Git, index: Environment): Promise<ReadonlySet<string>> {
  const { stdout } = await git.run(['ls-files', '--stage', '-z'], { env: index })
  const records = stdout.toString('utf8').split('\0')
  return new Set(
    records
      .filter((record) => record.startsWith('100755 '))
      .map((record) => record.slice(record.indexOf('\t') + 1)),
  )
}

async function changes(git: Git, from: string, to: string) {
  const raw = await rawDiff(git, from, to)
  const present = raw.filter((change) => change.status !== 'D')
  const files = present.filter((change) => change.newMode !== '160000')
  const sizes = await blobSizes(
    git,
    files.map((change) => change.newBlob),
  )
  const sizeOf = new Map(files.map((change, at) => [change.newBlob, sizes[at] ?? 0]))
  return {
    written: present.map((change) => ({
      path: change.path,
      mode: knownMode(change.newMode),
      blob: change.newBlob,
      size: sizeOf.get(change.newBlob) ?? 0,
    })),
    deleted: raw.filter((change) => change.status === 'D').map((change) => change.path),
  }
}

const ownIdentity: Identity = { name: 'Drydock', email: 'drydock@localhost' }

async function commit(
  git: Git,
  {
    tree,
    parents,
    message,
  }: { readonly tree: string; readonly parents: readonly string[]; readonly message: string },
  identity = ownIdentity,
  signing?: Signing,
) {
  const env = {
    GIT_AUTHOR_NAME: identity.name,
    GIT_AUTHOR_EMAIL: identity.email,
    GIT_COMMITTER_NAME: identity.name,
    GIT_COMMITTER_EMAIL: identity.email,
  }
  const below = parents.flatMap((parent) => ['-p', parent])
  const args = ['commit-tree', tree, ...below, '-F', '-']
  if (signing !== undefined) return commitSigned(git, args, { env, input: message }, signing)
  return git.text(args, { env, input: message })
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}
