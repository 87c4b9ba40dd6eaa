import { failures } from '../../contract/failures.ts'
import type { SessionView } from '../../contract/sessionView.ts'
import type { Task } from '../../contract/task.ts'
import { newSessionId } from '../../store/home.ts'
import { readSession, recover } from '../../store/session.ts'
import { fileTrouble } from '../fileTrouble.ts'
import { loadJudgePrompts } from '../judge/request.ts'
import { loadAgentPrompts } from '../repair/prompt.ts'
import { runSession } from '../session.ts'
import { liveDisplay, plainDisplay } from '../terminal/progress.ts'
import { compared, comparisonPage } from './comparison.ts'
import { type CommandContext, printJson, runnerName } from './context.ts'
import { exitCodeOf, exitCodes } from './exitCode.ts'
import { requireItsRepository } from './itsRepository.ts'
import { judgeAgain } from './judgeAgain.ts'

export interface RerunFlags {
  readonly model?: string
  readonly judgeModel?: string
  readonly prompts?: string
  readonly budgetUsd?: number
  readonly judgeOnly?: boolean
  readonly json?: boolean
}

/** `drydock rerun`: the same task from the same base once more, and both outcomes side by side. */
export async function rerun(context: CommandContext, id: string, flags: RerunFlags): Promise<number> {
  const given = flags.prompts === undefined ? context : { ...context, prompts: flags.prompts }
  if (flags.prompts !== undefined) await requirePrompts(flags.prompts)
  await recover(context.sessions, id, runnerName(context))
  const before = await readSession(context.sessions, id)
  if (flags.judgeOnly === true) return judgeAgain(given, before, flags)
  if (before.imported !== undefined) throw failures.importedSession(id)
  await requireItsRepository(context, before)
  const after = await shown(given, rerunTask(context, before, flags), flags.json === true)
  const found = await compared(context, before, after)
  if (flags.json === true) printJson(context, found)
  else context.stdout.write(comparisonPage(found, context.colors))
  // What it came to is the answer; that it came to nothing is a failure.
  const broken = ['setup-failed', 'interrupted', 'cancelled', 'budget-exceeded']
  return broken.includes(after.outcome ?? 'interrupted')
    ? exitCodeOf(after.outcome ?? 'interrupted')
    : exitCodes.done
}

/** Templates that cannot be read are found before a container is started. */
async function requirePrompts(folder: string): Promise<void> {
  try {
    await Promise.all([loadAgentPrompts(folder), loadJudgePrompts(folder)])
  } catch (error) {
    throw failures.badUsage(
      `--prompts ${folder} is no folder of templates like prompts/: ${fileTrouble(error)}.`,
    )
  }
}

/** The version that the first run came to is asked for: what is the latest may have changed since. */
export function rerunTask(context: CommandContext, view: SessionView, flags: RerunFlags): Task {
  const { id, task, outcome } = view
  if (outcome === null) throw failures.sessionBusy(id)
  if (task.repository.includeUncommitted)
    throw failures.sessionState(id, 'one that packaged uncommitted changes', 'of a commit alone')
  const { retry: _, ...rest } = task
  const settings = {
    ...task.settings,
    ...(flags.model === undefined ? {} : { model: flags.model, lastAttemptModel: undefined }),
    ...(flags.judgeModel === undefined ? {} : { judgeModel: flags.judgeModel }),
    ...(flags.budgetUsd === undefined ? {} : { budgetUsd: flags.budgetUsd }),
  }
  const again = { ...rest, id: newSessionId(context.now()), settings: defined(settings), rerun: { of: id } }
  return again.kind === 'dependency-update' ? { ...again, requested: view.to ?? again.requested } : again
}

function defined(settings: { readonly lastAttemptModel?: string | undefined } & Task['settings']) {
  const { lastAttemptModel, ...rest } = settings
  return lastAttemptModel === undefined ? rest : { ...rest, lastAttemptModel }
}

async function shown(context: CommandContext, task: Task, quiet: boolean): Promise<SessionView> {
  const say = (text: string): void => void (quiet ? context.stderr : context.stdout).write(text)
  const display =
    context.interactive && !quiet
      ? liveDisplay(context.stdout, context.colors, Date.now)
      : plainDisplay(say, context.colors)
  try {
    return await runSession(context, task, display.show)
  } finally {
    display.close()
  }
}
