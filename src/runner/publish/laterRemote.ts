import { failures } from '../../contract/failures.ts'
import type { SessionView } from '../../contract/sessionView.ts'
import type { RepositoryRef } from '../../contract/task.ts'
import { userPorcelain } from '../git/porcelain.ts'
import type { Environment } from '../git/program.ts'
import type { Remote } from '../git/remote.ts'
import type { BareRepository } from '../git/repository.ts'
import { pushRemote, withoutCredentials } from '../git/userRepository.ts'

type Named = NonNullable<RepositoryRef['remote']>

/** The remote that was recorded; where there was none, the one that git would push to by now. Undefined where there is none still. */
export async function remoteByNow(
  { root, branch, remote }: RepositoryRef,
  env: Environment,
): Promise<Named | undefined> {
  if (remote !== undefined) return remote
  const found = await pushRemote(userPorcelain(root, env), branch ?? '')
  return found && { name: found.name, url: withoutCredentials(found.url) }
}

/** The session as if it had begun with that remote. */
export function withRemote(view: SessionView, remote: Named): SessionView {
  return { ...view, task: { ...view.task, repository: { ...view.task.repository, remote } } }
}

const mostTips = 50

/**
 * A remote that came later is the session's only where it has what the change stands on: to any other one it would carry
 * a whole history. Throws `no-remote`.
 */
export async function requireBaseAt(
  { id, task }: SessionView,
  remote: Remote,
  repository: BareRepository,
  name: string,
): Promise<void> {
  const { baseCommit, branch } = task.repository
  const tips = await remote.branches(['*'])
  if ([...tips.values()].includes(baseCommit)) return
  const own = branch !== undefined && tips.has(branch) ? [branch] : [...tips.keys()].slice(0, mostTips)
  if (own.length > 0) await remote.fetch(own)
  for (const one of own) if (await repository.isAncestor(baseCommit, tips.get(one) ?? '')) return
  throw failures.baseNotAtRemote(id, name, baseCommit, branch)
}
