import { failures } from '../contract/failures.ts'
import type { SessionView } from '../contract/sessionView.ts'
import type { Task } from '../contract/task.ts'
import type { Environment } from './git/program.ts'
import { openRemote, type Remote } from './git/remote.ts'
import type { BareRepository } from './git/repository.ts'
import type { Ending } from './pipeline.ts'
import { runPipeline } from './pipeline.ts'
import type { Prior, Run } from './run.ts'

/** What a session's change is now, and what it is to be merged into. */
export interface Followed {
  /** Tip of the base branch at the remote, on which the new session works. */
  readonly base: string
  /** The pull request's branch as it is; undefined where nothing was pushed yet. */
  readonly onto?: NonNullable<Task['onto']>
  /** The change on that base, commits of other people included; undefined where they do not go together. */
  readonly patch?: string
  /** Paths that both sides changed. */
  readonly conflicts: readonly string[]
}

interface Where {
  readonly view: SessionView
  readonly repository: BareRepository
  readonly env: Environment
  readonly signal: AbortSignal
}

/** Fetches base and branch into the session's own repository and brings them together there. */
export async function followed({ view, repository, env, signal }: Where, own: string): Promise<Followed> {
  const { root, remote: recorded, branch } = view.task.repository
  if (recorded === undefined || branch === undefined) throw failures.noRemote(view.id)
  const at = { dir: repository.dir, root, recorded, env, signal }
  const base = await fetched(await openRemote(at), branch)
  if (base === undefined) throw failures.baseGone(view.id, branch)
  const { baseCommit: from } = view.task.repository
  if (from !== base && !(await repository.isAncestor(from, base)))
    throw failures.baseMoved(view.id, {
      ...{ branch, from, to: base, digest: view.patch?.digest ?? '', kind: 'rewritten', reasons: [] },
    })
  const fork = view.fork === undefined ? {} : { fork: view.fork }
  const pushed =
    view.branch === null ? undefined : await fetched(await openRemote({ ...at, ...fork }), view.branch)
  if (view.branch !== null && pushed === undefined) throw failures.branchGone(view.id, view.branch)
  const head = pushed ?? own
  const onto =
    view.branch === null || pushed === undefined
      ? {}
      : { onto: { branch: view.branch, head: pushed, ...fork } }
  const merged = await repository.merge(base, head)
  if ('conflicts' in merged) return { base, ...onto, conflicts: merged.conflicts }
  const { text } = await repository.diff(base, `${base}^{tree}`, merged.tree)
  return { base, ...onto, patch: text, conflicts: [] }
}

/** The tip of a branch, brought here with all that it stands on; undefined where there is none. */
async function fetched(remote: Remote, branch: string): Promise<string | undefined> {
  const tip = (await remote.branches([branch])).get(branch)
  if (tip !== undefined) await remote.fetch([branch])
  return tip
}

/** The pipeline of a follow-up: what the remote has is fetched first, and the earlier change is what it starts from. */
export function followUpChain(prior: Prior): (run: Run) => Promise<Ending> {
  return async (run) => {
    const { task, repository, env, signal } = run
    const { root, remote: recorded, branch } = task.repository
    if (recorded === undefined || branch === undefined) throw failures.noRemote(task.id)
    const at = { dir: repository.dir, root, recorded, env, signal }
    await (await openRemote(at)).fetch([branch])
    const { onto } = task
    const fork = onto?.fork === undefined ? {} : { fork: onto.fork }
    if (onto !== undefined) await (await openRemote({ ...at, ...fork })).fetch([onto.branch])
    return runPipeline({ ...run, prior })
  }
}
