import { failures } from '../../contract/failures.ts'
import type { SessionView } from '../../contract/sessionView.ts'
import type { Emit } from '../../store/emit.ts'
import type { Remote } from '../git/remote.ts'
import type { BareRepository } from '../git/repository.ts'

export interface OntoContext {
  readonly view: SessionView
  readonly repository: BareRepository
  readonly emit: Emit
  readonly progress?: (message: string) => void
}

/**
 * Puts the change on the branch of an open pull request: a commit on its tip, and on the base that was verified where the
 * branch does not have it. What other people put there stays below it. Throws `push-failed` where there is more of theirs.
 */
export async function pushOntoBranch(
  { view, repository, emit, progress }: OntoContext,
  remote: Remote,
  name: string,
  build: (parents: readonly string[]) => Promise<string>,
): Promise<{ readonly branch: string; readonly commit: string }> {
  const { onto, repository: at, retry } = view.task
  if (onto === undefined) throw failures.internal('The session has no branch to go onto.')
  const { branch, head } = onto
  const tip = (await remote.branches([branch])).get(branch)
  if (tip !== undefined && tip === view.commit) return { branch, commit: tip }
  // A runner that died between the push and its event: the remote knows.
  if (tip !== undefined && tip === view.pushing?.commit) {
    emit({ type: 'branch.pushed', remote: name, branch, commit: tip })
    return { branch, commit: tip }
  }
  if (tip !== head) throw failures.branchMoved(branch, retry?.of ?? view.id)
  const isBelow = await repository.isAncestor(at.baseCommit, head)
  const commit = await build(isBelow ? [head] : [head, at.baseCommit])
  progress?.(`pushing ${branch}`)
  emit({ type: 'branch.pushing', remote: name, branch, commit })
  if (!(await remote.pushOnto(commit, branch))) throw failures.branchMoved(branch, retry?.of ?? view.id)
  emit({ type: 'branch.pushed', remote: name, branch, commit })
  return { branch, commit }
}
