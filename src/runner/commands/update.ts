import type { Event } from '../../contract/events.ts'
import type { SessionView } from '../../contract/sessionView.ts'
import type { DependencyUpdate, Task } from '../../contract/task.ts'
import { listSessions, readSession, readTask } from '../../store/session.ts'
import { runSession } from '../session.ts'
import { liveDisplay, plainDisplay } from '../terminal/progress.ts'
import { sessionSummary } from '../terminal/summary.ts'
import { oneLine } from '../terminal/text.ts'
import { atTerminal, confirms } from './ask.ts'
import type { CommandContext } from './context.ts'
import { printSession } from './context.ts'
import { exitCodeOf, exitCodes } from './exitCode.ts'
import { newUpdate, type UpdateOptions } from './newTask.ts'
import { publishSession } from './publish.ts'
import { askReviewer } from './review.ts'
import { planOf } from './wish.ts'

export interface TaskFlags {
  readonly review: boolean
  readonly yes?: boolean
  readonly acknowledge: readonly string[]
  readonly withoutJudge?: boolean
  readonly json?: boolean
}

/** `drydock update`: a session from start to outcome, then what the reviewer says. Returns the exit code. */
export async function update(
  context: CommandContext,
  spec: string,
  flags: UpdateOptions & TaskFlags,
): Promise<number> {
  const { task, dirty } = await newUpdate(context, spec, flags)
  const say = (text: string): void => void (flags.json === true ? context.stderr : context.stdout).write(text)
  if (dirty && !task.repository.includeUncommitted) {
    say(
      `${context.colors.yellow('!')} There are uncommitted changes; the session works on the last commit.\n`,
    )
  }
  const same = await sameUpdate(context, task)
  if (same !== undefined) {
    const is = same.outcome === null ? 'is at work on' : 'waits for review with'
    say(
      `${context.colors.yellow('!')} Session ${same.id} ${is} the same update: \`drydock show ${same.id}\`.\n`,
    )
  }
  return (await goesBack(context, task, say, flags)) ? exitCodes.done : runTask(context, task, flags)
}

/** Sessions that are looked at for that, the newest first. */
const mostLooked = 50

/** A session of the same repository that has the same update at work or before a person; undefined where there is none. */
async function sameUpdate(
  { sessions }: Pick<CommandContext, 'sessions'>,
  wanted: DependencyUpdate,
): Promise<SessionView | undefined> {
  for (const id of (await listSessions(sessions)).slice(0, mostLooked)) {
    // One that cannot be read is told by `drydock sessions`.
    const task = await readTask(sessions, id).catch(() => undefined)
    if (task === undefined || !isSame(task, wanted)) continue
    const view = await readSession(sessions, id).catch(() => undefined)
    if (view === undefined || view.imported !== undefined) continue
    if (view.outcome === 'awaiting-review' || view.alive === true) return view
  }
  return undefined
}

function isSame(task: Task, wanted: DependencyUpdate): boolean {
  return (
    task.kind === 'dependency-update' &&
    task.ecosystem === wanted.ecosystem &&
    task.package === wanted.package &&
    task.requested === wanted.requested &&
    task.manifest === wanted.manifest &&
    task.repository.root === wanted.repository.root
  )
}

/** A wish that nothing answers to is refused here; one that goes back is named, and a person at a terminal asked. */
async function goesBack(
  context: CommandContext,
  task: DependencyUpdate,
  say: (text: string) => void,
  { json, yes }: TaskFlags,
): Promise<boolean> {
  const plan = await planOf(context, task)
  const warning = plan?.warnings?.find(({ code }) => code.startsWith('downgrade:'))
  if (warning === undefined) return false
  say(`${context.colors.yellow('!')} ${oneLine(warning.message, 300)}\n`)
  if (!context.interactive || json === true || yes === true) return false
  const starts = await atTerminal(context, (ask) => confirms(context, ask, 'Start it all the same?'))
  if (!starts) say('Nothing was started.\n')
  return !starts
}

/** Runs a session with its progress on show, and asks its reviewer at the end. Returns the exit code. */
export function runTask(context: CommandContext, task: Task, flags: TaskFlags): Promise<number> {
  return runShown(context, (onEvent) => runSession(context, task, onEvent), flags)
}

/** The same of a session that is begun or goes on. */
export async function runShown(
  context: CommandContext,
  run: (onEvent: (event: Event) => void) => Promise<SessionView>,
  flags: TaskFlags,
): Promise<number> {
  const quiet = flags.json === true
  const say = (text: string): void => void (quiet ? context.stderr : context.stdout).write(text)
  const display =
    context.interactive && !quiet
      ? liveDisplay(context.stdout, context.colors, Date.now)
      : plainDisplay(say, context.colors)
  let view: SessionView
  try {
    view = await run(display.show)
  } finally {
    display.close()
  }
  if (!quiet) say(await sessionSummary(context, view))
  const final = view.outcome === 'awaiting-review' ? await decide(context, view, flags) : view
  if (quiet) printSession(context, final)
  return exitCodeOf(final.outcome ?? 'interrupted')
}

async function decide(context: CommandContext, view: SessionView, flags: TaskFlags): Promise<SessionView> {
  if (flags.yes === true) {
    return publishSession(context, view.id, {
      acknowledge: flags.acknowledge,
      withoutJudge: flags.withoutJudge === true,
      unverified: false,
      quiet: flags.json === true,
    })
  }
  const asks = flags.review && context.interactive && flags.json !== true
  return asks ? askReviewer(context, view) : view
}
