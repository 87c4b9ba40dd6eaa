import { basename } from 'node:path'
import { DrydockError, type Failure, toFailure } from '../../contract/failure.ts'
import { failures } from '../../contract/failures.ts'
import { money } from '../../contract/money.ts'
import type { SessionView } from '../../contract/sessionView.ts'
import { rowWords } from '../../contract/states/row.ts'
import { isSettled, situationOf } from '../../contract/states/situation.ts'
import { stateOf } from '../../contract/states/state.ts'
import { taskTitle } from '../../contract/task.ts'
import { requestCancel } from '../../store/control.ts'
import { sessionFolder } from '../../store/home.ts'
import { readEvents } from '../../store/read.ts'
import { listSessions, readSession, readTask, recover } from '../../store/session.ts'
import { sweep } from '../docker/sweep.ts'
import { colouredDiff } from '../terminal/diff.ts'
import { type SessionLine, sessionList } from '../terminal/sessionList.ts'
import { patchText, sessionSummary } from '../terminal/summary.ts'
import { coloured } from '../terminal/tables.ts'
import { age, oneLine } from '../terminal/text.ts'
import { turnLines } from '../terminal/turns.ts'
import { changelogText } from '../terminal/why.ts'
import { columnsOf, widthOf, wrapped } from '../terminal/wrap.ts'
import type { CommandContext } from './context.ts'
import { printJson, printSession, runnerName, sessionJson } from './context.ts'
import { engineOf } from './engine.ts'
import { exitCodes } from './exitCode.ts'
import { paged } from './pager.ts'

interface Listed {
  readonly id: string
  /** The session as it is, or why its log cannot be read. */
  readonly view?: SessionView
  readonly failure?: Failure
}

/** `drydock sessions`: the newest first. A session whose runner died is told so in its log before it is shown. */
export async function sessions(context: CommandContext, flags: { readonly json?: boolean }): Promise<number> {
  const listed: Listed[] = []
  for (const id of await listSessions(context.sessions)) listed.push(await look(context, id))
  if (flags.json === true) {
    printJson(
      context,
      listed.map(({ id, view, failure }) => (view === undefined ? { id, failure } : sessionJson(view))),
    )
    return exitCodes.done
  }
  if (listed.length === 0) {
    context.stdout.write('No session yet. Start one with `drydock update <package>`.\n')
    return exitCodes.done
  }
  const lines = listed.map((one) => lineOf(context, one))
  context.stdout.write(`${sessionList(lines, context.colors, widthOf(context.stdout))}\n`)
  return exitCodes.done
}

/** One damaged log does not hide the other sessions. */
async function look(context: CommandContext, id: string): Promise<Listed> {
  try {
    await settle(context, id)
    return { id, view: await readSession(context.sessions, id) }
  } catch (error) {
    return { id, failure: whyUnreadable(sessionFolder(context.sessions, id), error) }
  }
}

function whyUnreadable(folder: string, error: unknown): Failure {
  if (error instanceof DrydockError) return error.failure
  return failures.unreadableSession(folder, toFailure(error).message).failure
}

function lineOf(context: CommandContext, { id, view, failure }: Listed): SessionLine {
  if (view === undefined) {
    const why = oneLine(failure?.message ?? '', 100)
    return {
      ...{ id, state: context.colors.red('damaged'), repository: '', task: '' },
      ...{ started: '', cost: '', why },
    }
  }
  return {
    ...{ id, state: state(view, context) },
    repository: oneLine(basename(view.task.repository.root), 24),
    task: oneLine(taskTitle(view.task), 44),
    started: age(Date.parse(view.createdAt), context.now().getTime()),
    cost: money(view.costUsd),
    why: oneLine(view.outcome === 'awaiting-review' ? '' : (view.reason ?? ''), 60),
  }
}

/** Ends what a dead runner left open, and removes what it left on the engine where one answers; else the next run does. */
async function settle(context: CommandContext, id: string): Promise<void> {
  if ((await recover(context.sessions, id, runnerName(context))) !== 'interrupted') return
  const engine = await engineOf(context).catch(() => undefined)
  if (engine === undefined) return
  await sweep(engine.docker, id)
  engine.close()
}

/** As everywhere else; a stage that is open says more than that there is one. */
function state(view: SessionView, { colors: c }: CommandContext): string {
  const situation = situationOf(view, { settled: isSettled(view) })
  const { tone } = stateOf(situation)
  const open = view.stages.findLast(({ status }) => status === 'running')
  const words = rowWords(situation).join(', ')
  return coloured(tone, c)(tone === 'busy' && open !== undefined ? `${words}: ${open.name}` : words)
}

export async function show(
  context: CommandContext,
  id: string,
  flags: { readonly json?: boolean; readonly turns?: boolean; readonly changelog?: boolean },
): Promise<number> {
  await settle(context, id)
  if (flags.changelog === true && flags.json !== true) return await showChangelog(context, id)
  if (flags.turns === true && flags.json !== true) return await showTurns(context, id)
  const view = await readSession(context.sessions, id)
  if (flags.json === true) printSession(context, view)
  else context.stdout.write(await sessionSummary(context, view))
  return exitCodes.done
}

/** `drydock show --changelog`. */
async function showChangelog(context: CommandContext, id: string): Promise<number> {
  const text = changelogText(await readSession(context.sessions, id), context.colors)
  const shown = text === '' ? 'No changelog of the package is known to this session.' : text
  await paged(context, `${wrapped(shown, columnsOf(context.stdout))}\n`)
  return exitCodes.done
}

/** `drydock show --turns`. */
async function showTurns(context: CommandContext, id: string): Promise<number> {
  await readTask(context.sessions, id)
  const text = turnLines(await readEvents(sessionFolder(context.sessions, id)), context.colors)
  const shown = text === '' ? 'No agent was asked.' : text
  await paged(context, `${wrapped(shown, columnsOf(context.stdout))}\n`)
  return exitCodes.done
}

/** `drydock diff`: colours and the user's pager for a person, the patch's own bytes for a pipe. */
export async function diff(context: CommandContext, id: string): Promise<number> {
  const text = await patchText(context, await readSession(context.sessions, id))
  await paged(context, context.interactive ? `${colouredDiff(text, context.colors)}\n` : text)
  return exitCodes.done
}

/** `drydock cancel`: asks the session's runner to end, and says whether one was there. */
export async function cancel(context: CommandContext, id: string): Promise<number> {
  await readTask(context.sessions, id)
  const asked = await requestCancel(sessionFolder(context.sessions, id))
  context.stdout.write(
    asked
      ? `Session ${id} is being cancelled.\n`
      : `Session ${id} is not running: there is nothing to cancel. \`drydock show ${id}\` says what became of it.\n`,
  )
  return asked ? exitCodes.done : exitCodes.refused
}
