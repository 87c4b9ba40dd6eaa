import { failures } from '../../contract/failures.ts'
import type { Warning } from '../../contract/verdict.ts'
import type { Emit } from '../../store/emit.ts'
import { listTree } from '../git/objects.ts'
import { bareGit, type Environment, type Git } from '../git/program.ts'
import type { BareRepository, Snapshot, TreeEntry } from '../git/repository.ts'
import { uncommittedTree } from '../git/workTree.ts'
import { collisions, hintedPaths, inspectContents, testKeysWarning, unpackable } from './inspect.ts'

export interface PackageRequest {
  /** Top of the user's work tree. */
  readonly root: string
  readonly commit: string
  /** Packages what lies in the work tree instead of the commit alone. */
  readonly includeUncommitted: boolean
  readonly keepSecretFiles: boolean
}

export interface PackageContext {
  readonly repository: BareRepository
  readonly emit: Emit
  readonly env?: Environment
}

/**
 * The raw blobs of a commit's tree (or of the work tree), without history and without what must not or
 * cannot go into a container; each thing left out is a warning.
 */
export async function packageRepository(request: PackageRequest, context: PackageContext): Promise<Snapshot> {
  const { repository, emit, env = {} } = context
  const git = bareGit(repository.dir, env)
  const source = await sourceTree(request, context, git)
  const [all, candidates] = await Promise.all([listTree(git, source.tree), hintedPaths(git, source.tree)])
  refuseUnreadableNames(request.root, all)
  const odd = await unpackable(git, all)
  const { secrets, ofTests, pointers } = await inspectContents(git, all, candidates)
  const left = request.keepSecretFiles ? odd : [...odd, ...secrets]
  const excluded = new Set(left.map(({ path }) => path))
  const removed = new Map([...excluded].map((path) => [path, null]))
  const tree = removed.size === 0 ? source.tree : await repository.withFiles(source.tree, removed)
  const entries = all.filter(({ path }) => !excluded.has(path))
  const warnings = [
    ...source.warnings,
    ...left.map(({ warning }) => warning),
    ...(ofTests.length === 0 || request.keepSecretFiles ? [] : [testKeysWarning(ofTests)]),
    ...pointers,
    ...collisions(entries),
  ]
  for (const warning of warnings) emit({ type: 'warning.raised', warning })
  const bytes = entries.reduce((sum, entry) => sum + entry.size, 0)
  emit({
    type: 'snapshot.packaged',
    commit: request.commit,
    tree,
    files: entries.length,
    bytes,
    excluded: [...excluded],
  })
  return { commit: request.commit, tree, entries, excluded: [...excluded] }
}

interface Source {
  readonly tree: string
  readonly warnings: readonly Warning[]
}

async function sourceTree(request: PackageRequest, context: PackageContext, git: Git): Promise<Source> {
  if (!request.includeUncommitted) {
    return { tree: await git.text(['rev-parse', '--verify', `${request.commit}^{tree}`]), warnings: [] }
  }
  const { env = {}, repository } = context
  const found = await uncommittedTree({ git, dir: repository.dir, root: request.root, env })
  const warnings = found.skipped.map((path): Warning => {
    const message = `${path} is a repository of its own or no file: it is not packaged.`
    return { code: `untracked-left-out:${path}`, message, path, severity: 'notice' }
  })
  return { tree: found.tree, warnings }
}

/** A name whose bytes are not UTF-8 cannot be spoken of in a log or a patch. */
function refuseUnreadableNames(root: string, entries: readonly TreeEntry[]): void {
  const unreadable = entries.find(({ path }) => path.includes('\ufffd'))
  if (unreadable === undefined) return
  throw failures.unsupportedRepository(
    root,
    `the name ${JSON.stringify(unreadable.path)} is not UTF-8`,
    'Rename the file and commit.',
  )
}
