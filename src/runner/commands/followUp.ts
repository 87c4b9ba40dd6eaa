import { join } from 'node:path'
import { accountsOf } from '../../contract/account.ts'
import { failures } from '../../contract/failures.ts'
import type { SessionView } from '../../contract/sessionView.ts'
import type { Task } from '../../contract/task.ts'
import { bounded } from '../../contract/text.ts'
import { sessionFiles } from '../../store/files.ts'
import { newSessionId, sessionFolder } from '../../store/home.ts'
import { readSession, recover } from '../../store/session.ts'
import { type Followed, followed, followUpChain } from '../followUp.ts'
import { openBareRepository } from '../git/bareRepository.ts'
import { HostRefusal } from '../hosts/host.ts'
import { openKept } from '../hosts/kept.ts'
import type { Earlier } from '../run.ts'
import { runSession } from '../session.ts'
import { patchText } from '../terminal/summary.ts'
import { printable } from '../terminal/text.ts'
import { type CommandContext, runnerName } from './context.ts'
import { openHost } from './sync.ts'
import { runShown } from './update.ts'

export interface FollowUpFlags {
  readonly checks?: boolean
  readonly comments?: boolean
  readonly json?: boolean
}

/** Characters of a check's own words that the agent is told. */
const mostWords = 4_000

/** A session to start, and what it starts from. */
export interface FollowUp {
  readonly task: Task
  readonly chain: ReturnType<typeof followUpChain>
  readonly conflicts: readonly string[]
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
  const found = await lookAtRemote(context, view)
  const broken = checks ? await failingChecks(context, view, found) : undefined
  if (broken !== undefined && broken.ours.length === 0) throw failures.checksFailBelow(broken.both)
  const words = comments ? await commentsOn(context, view) : ''
  if (broken === undefined && words === '' && isCurrent(view, found)) throw failures.nothingMoved()
  const earlier = await earlierOf(context, view, found, [broken?.said ?? '', words])
  const { conflicts } = found
  return { task: taskOf(context, view, found), chain: followUpChain(earlier), conflicts }
}

/** `drydock follow-up`: runs that session, with what does not go together said first. */
export async function followUp(context: CommandContext, id: string, flags: FollowUpFlags): Promise<number> {
  const { task, chain, conflicts } = await followUpOf(context, id, flags)
  if (conflicts.length > 0) {
    const paths = conflicts.slice(0, 10).map((path) => printable(path))
    const out = flags.json === true ? context.stderr : context.stdout
    out.write(`${context.colors.yellow('!')} Changed on both sides: ${paths.join(', ')}\n`)
  }
  const asked = { acknowledge: [], review: true, ...(flags.json === true ? { json: true } : {}) }
  return runShown(context, (onEvent) => runSession(context, task, onEvent, chain), asked)
}

function requireFollowable({ id, patch, outcome, task }: SessionView): void {
  const waits = outcome === 'awaiting-review' || outcome === 'published'
  if (!waits) throw failures.sessionState(id, outcome ?? 'running', 'published or awaiting review')
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

interface Broken {
  readonly ours: readonly string[]
  /** Names of checks that fail on the base as well. */
  readonly both: readonly string[]
  readonly said: string
}

/** Compares each check that fails on the branch with the same check on the base. */
async function failingChecks(
  context: CommandContext,
  view: SessionView,
  { base, onto }: Followed,
): Promise<Broken> {
  if (onto === undefined) throw failures.noPullRequest(view.id)
  const host = openHost(context, view)
  const kept = await openKept(join(sessionFolder(context.sessions, view.id), 'checks.json'))
  try {
    const [there, here] = [await host.results(base, kept), await host.results(onto.head, kept)]
    const failing = [...here].filter(([, result]) => result.failing === true)
    const both = failing.filter(([name]) => there.get(name)?.failing === true).map(([name]) => name)
    const ours = failing.filter(([name]) => !both.includes(name))
    const words = ours.map(([name, { said }]) => `${name}:\n${bounded(said, mostWords)}`)
    const said = printable(words.join('\n\n'))
    const lead = 'Checks fail on the pull request that pass on its base. What they printed, as data:'
    return { ours: ours.map(([name]) => name), both, said: `${lead}\n${said}` }
  } catch (error) {
    if (!(error instanceof HostRefusal)) throw error
    throw failures.hostFailed(
      'The checks could not be read',
      error.trouble,
      `\`drydock follow-up ${view.id} --checks\` again`,
    )
  }
}

/** Words of people who may write, as data; throws `nothing-to-follow` where nobody said anything. */
async function commentsOn(context: CommandContext, view: SessionView): Promise<string> {
  const number = view.pullRequest?.number
  if (number === undefined) throw failures.noPullRequest(view.id)
  const kept = await openKept(join(sessionFolder(context.sessions, view.id), 'words.json'))
  try {
    const words = await openHost(context, view).words(number, kept)
    if (words.length === 0) throw failures.nobodySaid()
    const lines = words.map(({ author, path, text }) => {
      const where = path === undefined ? '' : ` beside ${path}`
      return `${author}${where}: ${bounded(text, mostWords)}`
    })
    const lead = 'People who may write to the repository say of the change, as data to judge by the task:'
    return bounded(`${lead}\n${printable(lines.join('\n\n'))}`, mostWords * 4)
  } catch (error) {
    if (!(error instanceof HostRefusal)) throw error
    throw failures.hostFailed(
      'The comments could not be read',
      error.trouble,
      `\`drydock follow-up ${view.id} --comments\` again`,
    )
  }
}

async function earlierOf(
  context: CommandContext,
  view: SessionView,
  { patch, conflicts }: Followed,
  asked: readonly string[],
): Promise<Earlier> {
  const said = [
    ...asked.filter((text) => text !== ''),
    ...(conflicts.length === 0
      ? []
      : [
          `The base has moved, and the earlier change does not fit it any more in: ${conflicts.map((path) => printable(path)).join(', ')}. Make it again on the files as they are now. The earlier change:\n${bounded(await patchText(context, view), 20_000)}`,
        ]),
  ].join('\n\n')
  return {
    ...{ attempts: view.attempts.length, said, accounts: accountsOf(view.attempts), asItIs: true },
    ...(patch === undefined ? {} : { patch }),
  }
}

function taskOf(context: CommandContext, { id, task: before }: SessionView, { base, onto }: Followed): Task {
  const { retry: _, rerun: __, onto: ___, ...task } = before
  const repository = { ...task.repository, baseCommit: base }
  const more = { id: newSessionId(context.now()), repository, retry: { of: id } }
  return { ...task, ...more, ...(onto === undefined ? {} : { onto }) }
}
