import { resolve } from 'node:path'
import type { Codemod } from '../../contract/codemod.ts'
import { codemodFailures } from '../../contract/codemodFailures.ts'
import { DrydockError } from '../../contract/failure.ts'
import { failures } from '../../contract/failures.ts'
import { money } from '../../contract/money.ts'
import { standing } from '../../contract/proof.ts'
import type { SessionView } from '../../contract/sessionView.ts'
import type { DependencyUpdate } from '../../contract/task.ts'
import { readSession, recover } from '../../store/session.ts'
import { requireEmpty, writeCodemod } from '../codemod/folder.ts'
import { distilChain, type Repair } from '../distil.ts'
import { secretsOf } from '../gateway/connection.ts'
import { modelConnection } from '../modelConnection.ts'
import { dropHunks } from '../patch/drop.ts'
import { readPatch } from '../patch/read.ts'
import { runSession } from '../session.ts'
import { liveDisplay, plainDisplay } from '../terminal/progress.ts'
import { patchText } from '../terminal/summary.ts'
import { oneLine } from '../terminal/text.ts'
import { type CommandContext, printJson, runnerName } from './context.ts'
import { exitCodeOf, exitCodes } from './exitCode.ts'
import { rerunTask } from './rerun.ts'

export interface DistilFlags {
  readonly out?: string
  readonly model?: string
  readonly budgetUsd?: number
  readonly json?: boolean
}

/**
 * `drydock distil`: a codemod of an accepted repair, made by the model, tried on the repair's own base, and written to a
 * folder where it passed. Throws `session-state`, `bad-usage`, `no-key`, `not-distilled`.
 */
export async function distil(context: CommandContext, id: string, flags: DistilFlags): Promise<number> {
  await recover(context.sessions, id, runnerName(context))
  const view = await readSession(context.sessions, id)
  const folder = resolve(context.cwd, flags.out ?? `codemod-${id}`)
  const repair = await repairOf(context, view)
  await requireEmpty(folder)
  if (secretsOf(await modelConnection(context.env)).length === 0) throw failures.noKey()
  let made: Codemod | undefined
  const trial = await tried(context, view, repair, flags, (codemod) => {
    made = codemod
  })
  if (made === undefined) return nothing(context, id, trial, flags)
  const files = await writeCodemod(folder, made)
  const { text: _, ...described } = made
  if (flags.json === true)
    printJson(context, { ...described, folder, files, trial: trial.id, costUsd: trial.costUsd })
  else context.stdout.write(page(context, made, folder, trial))
  return exitCodes.done
}

/** What ended the trial by itself is told as it is; a trial that came to its end found no codemod. */
function nothing(context: CommandContext, id: string, trial: SessionView, { json }: DistilFlags): number {
  if (trial.failure !== null) throw new DrydockError(trial.failure)
  if (trial.outcome !== 'verification-failed') return exitCodeOf(trial.outcome ?? 'interrupted')
  const { failure } = codemodFailures.notDistilled(id, trial.reason ?? 'it was not tried to its end')
  if (json === true) printJson(context, { failure, trial: trial.id, costUsd: trial.costUsd })
  else
    context.stderr.write(
      `${context.colors.red(failure.code)}: ${oneLine(failure.message, 1000)}\n${failure.next}\n`,
    )
  return exitCodes.notGreen
}

/** The code of an accepted repair. Throws `session-state`. */
async function repairOf(context: CommandContext, view: SessionView): Promise<Repair> {
  const { id, task, patch, from, to } = view
  const no = whyNot(view)
  if (no !== undefined) throw codemodFailures.notDistillable(id, no)
  if (task.kind !== 'dependency-update' || patch === null || from === null || to === null)
    throw codemodFailures.notDistillable(id, 'it is no repaired update')
  const whole = readPatch(await patchText(context, view), patch.baseCommit)
  const aside = whole.files.filter(({ role }) => role !== 'source' && role !== 'test')
  const code = dropHunks(
    whole,
    aside.map(({ path }) => ({ path })),
  )
  if (code.files.length === 0) throw codemodFailures.notDistillable(id, 'its change touches no code')
  return {
    from: { session: id, package: task.package, to, patch: patch.digest },
    before: from,
    patch: code.text,
  }
}

/** Only what was found good is made many times. */
function whyNot({
  task,
  outcome,
  patch,
  matrix,
  verdict,
  approval,
  imported,
}: SessionView): string | undefined {
  if (task.kind !== 'dependency-update') return 'it is no update of a dependency'
  if (imported !== undefined) return 'it was imported, and what it says was checked elsewhere'
  if (!['awaiting-review', 'published', 'merged'].includes(outcome ?? ''))
    return `it ended as ${outcome ?? 'none yet'}`
  if (patch === null || patch.source === 'update') return 'nothing had to be repaired'
  if (matrix === null || !['tests', 'steps'].includes(standing(matrix))) return 'its checks are not green'
  if (verdict?.decision === 'veto') return 'the judge vetoed it'
  if (verdict?.decision !== 'approve' && approval === null) return 'neither a judge nor a person approved it'
  return undefined
}

async function tried(
  context: CommandContext,
  view: SessionView,
  repair: Repair,
  { model, budgetUsd, json }: DistilFlags,
  keep: (codemod: Codemod) => void,
): Promise<SessionView> {
  const flags = {
    ...(model === undefined ? {} : { model }),
    ...(budgetUsd === undefined ? {} : { budgetUsd }),
  }
  // What made the repair, where that was a codemod, is not what this one is measured by.
  const { codemod: _, ...task } = rerunTask(context, view, flags) as DependencyUpdate
  const say = (text: string): void => void (json === true ? context.stderr : context.stdout).write(text)
  const display =
    context.interactive && json !== true
      ? liveDisplay(context.stdout, context.colors, Date.now)
      : plainDisplay(say, context.colors)
  try {
    return await runSession(context, task, display.show, distilChain(repair, keep))
  } finally {
    display.close()
  }
}

function page({ colors: c }: CommandContext, codemod: Codemod, folder: string, trial: SessionView): string {
  const name = codemod.from?.package ?? ''
  const version = codemod.from?.to ?? ''
  const lines = [
    `${c.bold(oneLine(codemod.title, 200))}  ${c.dim(codemod.kind)}`,
    `It was tried on the base of ${codemod.from?.session ?? 'the session'} and passed the checks there (session ${trial.id}); it cost ${money(trial.costUsd)}.`,
    `${c.bold('Written')}  ${oneLine(folder, 300)}`,
    `${c.bold('Next:')} drydock update ${name}@${version} --codemod ${oneLine(folder, 300)} --repo DIR`,
  ]
  return `\n${lines.join('\n')}\n`
}
