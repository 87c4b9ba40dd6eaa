import { failures } from '../../contract/failures.ts'
import type { SessionView } from '../../contract/sessionView.ts'
import type { Task } from '../../contract/task.ts'
import type { Emit } from '../../store/emit.ts'
import type { Remote } from '../git/remote.ts'
import type { BareRepository } from '../git/repository.ts'

export interface OntoContext {
  readonly view: SessionView
  readonly repository: BareRepository
  readonly emit: Emit
  readonly progress?: (message: string) => void
  readonly branch: string
  /** Its tip as the session knows it. */
  readonly head: string
}

/**
 * Puts the change on a branch that is there: a commit on its tip, and on the base that was verified where the branch does
 * not have it. What other people put there stays below it. Throws `push-failed` where there is more of theirs.
 */
export async function pushOntoBranch(
  { view, repository, emit, progress, branch, head }: OntoContext,
  remote: Remote,
  name: string,
  build: (parents: readonly string[]) => Promise<string>,
): Promise<{ readonly branch: string; readonly commit: string }> {
  const { repository: at, retry } = view.task
  const tip = (await remote.branches([branch])).get(branch)
  const own = tip !== undefined && (tip === view.commit || tip === view.pushing?.commit)
  // A runner that died between the push and its event: the remote knows.
  if (own && tip !== view.commit) emit({ type: 'branch.pushed', remote: name, branch, commit: tip })
  if (own && (await repository.isAncestor(at.baseCommit, tip))) return { branch, commit: tip }
  const below = own ? tip : head
  if (tip !== below) throw failures.branchMoved(branch, retry?.of ?? view.id)
  const isBelow = await repository.isAncestor(at.baseCommit, below)
  const commit = await build(isBelow ? [below] : [below, at.baseCommit])
  if (isBelow && (await isSame(repository, below, commit))) {
    // Everything that the change is stands there already: an empty commit would say otherwise.
    emit({ type: 'branch.pushed', remote: name, branch, commit: below })
    return { branch, commit: below }
  }
  progress?.(`pushing ${branch}`)
  emit({ type: 'branch.pushing', remote: name, branch, commit })
  if (!(await remote.pushOnto(commit, branch))) throw failures.branchMoved(branch, retry?.of ?? view.id)
  emit({ type: 'branch.pushed', remote: name, branch, commit })
  return { branch, commit }
}

async function isSame(repository: BareRepository, one: string, other: string): Promise<boolean> {
  return (await changedBetween(repository, `${one}^{tree}`, `${other}^{tree}`)).length === 0
}

async function changedBetween(
  repository: BareRepository,
  from: string,
  to: string,
): Promise<readonly string[]> {
  const { written, deleted } = await repository.changes(from, to)
  return [...written.map(({ path }) => path), ...deleted]
}

/** Paths that a session's commit changes on the branch it goes onto, without what comes of the base alone. */
export async function changedOnto(
  repository: BareRepository,
  { onto, repository: at }: Task,
  commit: string,
): Promise<readonly string[]> {
  if (onto === undefined) return []
  const merged = await repository.merge(at.baseCommit, onto.head)
  const before = 'tree' in merged ? merged.tree : `${onto.head}^{tree}`
  return changedBetween(repository, before, `${commit}^{tree}`)
}
