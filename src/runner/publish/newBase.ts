import { failures } from '../../contract/failures.ts'
import type { BaseMove, BaseRefusal } from '../../contract/newBase.ts'
import type { SessionView } from '../../contract/sessionView.ts'
import type { Emit } from '../../store/emit.ts'
import type { Remote } from '../git/remote.ts'
import type { BareRepository, Merged } from '../git/repository.ts'
import { roleOf } from '../patch/roles.ts'

/** An approved change on a base that its branch has come to since: merged without conflict, and not yet checked. */
export interface Moved extends BaseMove {
  /** Text of the change against `to`. */
  readonly patch: string
}

/** Checks a change on its new base; gives the session as it is afterwards, or throws `base-moved`. */
export type Gate = (moved: Moved) => Promise<SessionView>

export interface MovedContext {
  readonly view: SessionView
  readonly patchText: string
  readonly repository: BareRepository
  readonly emit: Emit
  readonly progress?: (message: string) => void
}

/** How often a base that goes on moving is followed within one publication. */
export const mostMoves = 3

const mostPaths = 50

/**
 * Brings the change onto what the base branch is at the remote, in our own repository and without a checkout; undefined
 * where nothing was put on it since, `ahead` where it lacks what the change stands on and has nothing else. Throws `base-moved` where that cannot be done, `push-failed` where the branch of an
 * open pull request has commits that the session does not know.
 */
export async function movedBase(
  context: MovedContext,
  remote: Remote,
  /** Where the branch of an open pull request is. */
  ontoRemote: Remote,
  /** What the change is to be merged into; the session's own branch, where the remote has it. */
  branch: string | undefined,
): Promise<Moved | 'ahead' | undefined> {
  const { view, repository, progress } = context
  const { baseCommit: from } = view.task.repository
  if (branch === undefined) return undefined
  const { onto, retry } = view.task
  const to = (await remote.branches([branch])).get(branch)
  if (to === undefined || to === from) return undefined
  const known = [onto?.head, view.commit, view.pushing?.commit]
  // Before minutes of checks: nothing of them would be pushed.
  if (onto !== undefined && !known.includes((await ontoRemote.branches([onto.branch])).get(onto.branch)))
    throw failures.branchMoved(onto.branch, retry?.of ?? view.id)
  progress?.(`fetching ${branch}, which has moved`)
  await remote.fetch([branch])
  // The base is ahead of the remote: its own commits come along, and nobody else's are missing.
  if (await repository.isAncestor(to, from)) return 'ahead'
  // What the base had below it would become a part of the change.
  if (!(await repository.isAncestor(from, to))) throw refused(context, { branch, from, to }, 'rewritten', [])
  return broughtOnto(context, { branch, from, to })
}

async function broughtOnto(context: MovedContext, move: BaseMove): Promise<Moved> {
  const { view, patchText, repository } = context
  const { from, to } = move
  const tree = await repository.apply(`${from}^{tree}`, patchText)
  const { onto } = view.task
  const own = await repository.commit(tree, onto === undefined ? from : [onto.head, from], 'Change')
  const merged = await repository.merge(to, own)
  const together = 'tree' in merged ? merged.tree : await withTheirLocks(context, move, merged)
  const { text, files } = await repository.diff(to, `${to}^{tree}`, together)
  if (files.length === 0) throw refused(context, move, 'nothing-left', [])
  return { ...move, patch: text }
}

/** Lock files of the new base: the package manager writes the change's own into them when it is checked. */
async function withTheirLocks(
  context: MovedContext,
  move: BaseMove,
  { conflicts, marked }: Extract<Merged, { readonly conflicts: readonly string[] }>,
): Promise<string> {
  const { repository } = context
  const own = conflicts.filter((path) => roleOf(path) !== 'lockfile')
  if (own.length > 0) throw refused(context, move, 'conflict', own.slice(0, mostPaths))
  const files = conflicts.map(
    async (path) => [path, (await repository.read(`${move.to}^{tree}`, path)) ?? null] as const,
  )
  return repository.withFiles(marked, new Map(await Promise.all(files)))
}

/** Writes down why the change is not on the new base; gives what is to be thrown. */
export function refused(
  { view, emit }: Pick<MovedContext, 'view' | 'emit'>,
  { branch, from, to }: BaseMove,
  kind: BaseRefusal['kind'],
  reasons: readonly string[],
): Error {
  const refusal = { branch, from, to, digest: view.patch?.digest ?? '', kind, reasons: [...reasons] }
  emit({ type: 'base.refused', ...refusal })
  return failures.baseMoved(view.id, refusal)
}
