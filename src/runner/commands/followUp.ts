import { accountsOf } from '../../contract/account.ts'
import { failures } from '../../contract/failures.ts'
import type { ReviewThread } from '../../contract/reviewThread.ts'
import type { SessionView } from '../../contract/sessionView.ts'
import { endOf } from '../../contract/states/ended.ts'
import type { Task } from '../../contract/task.ts'
import { bounded } from '../../contract/text.ts'
import { sessionFiles } from '../../store/files.ts'
import { newSessionId, sessionFolder } from '../../store/home.ts'
import { readSession, recover } from '../../store/session.ts'
import { type Followed, followed, followUpChain } from '../followUp.ts'
import { openBareRepository } from '../git/bareRepository.ts'
import type { Prior } from '../run.ts'
import { runSession } from '../session.ts'
import { patchText } from '../terminal/summary.ts'
import { printable } from '../terminal/text.ts'
import { type CommandContext, runnerName } from './context.ts'
import { failingChecks } from './followChecks.ts'
import { takenUp } from './followThreads.ts'
import { requireItsRepository } from './itsRepository.ts'
import { runShown } from './update.ts'

export interface FollowUpFlags {
  readonly checks?: boolean
  readonly comments?: boolean
  readonly json?: boolean
}

/** A session to start, and what it starts from. */
export interface FollowUp {
  readonly task: Task
  readonly chain: ReturnType<typeof followUpChain>
  readonly conflicts: readonly string[]
  /** Sentences for the person, before anything is run. */
  readonly notes: readonly string[]
}

/**
 * A new session on what the base branch is by now, from the change as it is on its branch; with `checks` only where a
 * check fails on the branch that does not fail on the base. Throws `nothing-to-follow`, `session-state`, `host-refused`.
 */
export async function followUpOf(
  context: CommandContext,
  id: string,
  { checks = false, comments = false }: FollowUpFlags,
): Promise<FollowUp> {
  await recover(context.sessions, id, runnerName(context))
  const view = await readSession(context.sessions, id)
  requireFollowable(view)
  await requireItsRepository(context, view)
  const found = await lookAtRemote(context, view)
  const broken = checks ? await failingChecks(context, view, found) : undefined
  if (broken !== undefined && broken.ours.length === 0)
    throw failures.checksFailBelow(broken.both, broken.notes)
  const taken = comments ? await takenUp(context, view) : undefined
  if (broken === undefined && taken === undefined && isCurrent(view, found)) throw failures.nothingMoved()
  const prior = await priorOf(context, view, found, [broken?.said ?? '', taken?.said ?? ''])
  const { conflicts } = found
  const task = taskOf(context, view, found, taken?.threads)
  return {
    task,
    chain: followUpChain(prior),
    conflicts,
    notes: [...(broken?.notes ?? []), ...(taken?.notes ?? [])],
  }
}

/** `drydock follow-up`: runs that session, with what does not go together said first. */
export async function followUp(context: CommandContext, id: string, flags: FollowUpFlags): Promise<number> {
  const { task, chain, conflicts, notes } = await followUpOf(context, id, flags)
  const paths = conflicts.slice(0, 10).map((path) => printable(path))
  const out = flags.json === true ? context.stderr : context.stdout
  const both = paths.length === 0 ? [] : [`Changed on both sides: ${paths.join(', ')}`]
  for (const note of [...both, ...notes]) out.write(`${context.colors.yellow('!')} ${note}\n`)
  const asked = { acknowledge: [], review: true, ...(flags.json === true ? { json: true } : {}) }
  return runShown(context, (onEvent) => runSession(context, task, onEvent, chain), asked)
}

function requireFollowable(view: SessionView): void {
  const { id, patch, outcome, task } = view
  const waits = outcome === 'awaiting-review' || outcome === 'published'
  if (!waits) throw failures.sessionState(id, endOf(view), 'published or awaiting review')
  if (patch === null) throw failures.sessionState(id, 'without a change', 'one with a patch')
  if (task.repository.includeUncommitted) throw failures.dirtyNotCommitted()
}

async function lookAtRemote(context: CommandContext, view: SessionView): Promise<Followed> {
  const { baseCommit, root } = view.task.repository
  const folder = sessionFolder(context.sessions, view.id)
  const repository = await openBareRepository({
    dir: sessionFiles.repository(folder),
    source: root,
    env: context.env,
  })
  const text = await patchText(context, view)
  const tree = await repository.apply(`${baseCommit}^{tree}`, text)
  const own = view.commit ?? (await repository.commit(tree, baseCommit, 'Change'))
  return followed({ view, repository, env: context.env, signal: context.signal }, own)
}

/** Nobody has put anything on the base or on the branch since the session. */
function isCurrent({ commit, task }: SessionView, { base, onto }: Followed): boolean {
  return base === task.repository.baseCommit && (onto === undefined || onto.head === commit)
}

async function priorOf(
  context: CommandContext,
  view: SessionView,
  { patch, conflicts }: Followed,
  asked: readonly string[],
): Promise<Prior> {
  // What the package manager alone made, it makes anew: nobody has to bring that together.
  const isMadeAnew = conflicts.length > 0 && view.patch?.source === 'update'
  const said = [
    ...asked.filter((text) => text !== ''),
    ...(conflicts.length === 0 || isMadeAnew
      ? []
      : [
          `The base has moved, and the earlier change does not fit it any more in: ${conflicts.map((path) => printable(path)).join(', ')}. Make it again on the files as they are now. The earlier change:\n${bounded(await patchText(context, view), 20_000)}`,
        ]),
  ].join('\n\n')
  return {
    ...{ attempts: view.attempts.length, said, accounts: accountsOf(view.attempts) },
    ...(isMadeAnew ? {} : { asItIs: true }),
    ...(patch === undefined ? {} : { patch }),
  }
}

function taskOf(
  context: CommandContext,
  { id, task: before }: SessionView,
  { base, onto }: Followed,
  threads: readonly ReviewThread[] | undefined,
): Task {
  const { retry: _, rerun: __, onto: ___, threads: ____, ...task } = before
  const repository = { ...task.repository, baseCommit: base }
  const more = { id: newSessionId(context.now()), repository, retry: { of: id } }
  return {
    ...{ ...task, ...more },
    ...(onto === undefined ? {} : { onto }),
    ...(threads === undefined ? {} : { threads: [...threads] }),
  }
}
