import { failures } from '../../contract/failures.ts'
import type { SessionView } from '../../contract/sessionView.ts'
import type { Remote } from '../git/remote.ts'
import type { AtHost, HostContext } from './atHost.ts'
import { branchesLike } from './branch.ts'
import { type ComposeContext, compose } from './compose.ts'

/**
 * Where no host can be asked for pull requests, a branch of the same update says that there may be one. Throws
 * `same-update-open`.
 */
export async function requireFirst(
  { view, repository, anyway }: ComposeContext & Pick<HostContext, 'anyway'>,
  remote: Remote,
  { host }: Pick<AtHost, 'host'>,
): Promise<void> {
  const { task, edits } = view
  if (host !== undefined || anyway === true || edits?.branch !== undefined || task.onto !== undefined) return
  const { branch } = await compose({ view, repository })
  const there = branchesLike(branch, (await remote.branches([`${branch}*`])).keys())
  const other = there.find((one) => !earlierBranches(view).includes(one))
  if (other !== undefined && task.kind === 'dependency-update')
    throw failures.sameUpdatePushed(view.id, other)
}

/** Branches that the session itself has pushed, or may have. */
export function earlierBranches({ branch, pushing }: SessionView): readonly string[] {
  return [...(branch === null ? [] : [branch]), ...(pushing === undefined ? [] : [pushing.branch])]
}
