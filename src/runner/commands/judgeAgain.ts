import { accountsOf } from '../../contract/account.ts'
import { failures } from '../../contract/failures.ts'
import { tryJson } from '../../contract/json.ts'
import type { SessionView } from '../../contract/sessionView.ts'
import { usd } from '../../contract/statistics/words.ts'
import type { Verdict } from '../../contract/verdict.ts'
import { readArtifact } from '../../store/artifacts.ts'
import { sessionFolder } from '../../store/home.ts'
import { readEvents } from '../../store/read.ts'
import { Given } from '../judge/given.ts'
import { judge } from '../judge/judge.ts'
import type { Case } from '../judge/request.ts'
import { readPatch } from '../patch/read.ts'
import { patchText } from '../terminal/summary.ts'
import { table } from '../terminal/tables.ts'
import { oneLine } from '../terminal/text.ts'
import { type CommandContext, printJson } from './context.ts'
import { exitCodes } from './exitCode.ts'
import { type JudgeFlags, openJudge } from './judgeCase.ts'

/** `drydock rerun --judge-only`: the judge alone once more, about the patch and the evidence of the session. */
export async function judgeAgain(
  context: CommandContext,
  view: SessionView,
  flags: JudgeFlags & { readonly judgeModel?: string },
): Promise<number> {
  const { given, exact } = await caseOf(context, view)
  const { settings } = view.task
  // Who asks for the judge alone means the judge's model, by either name.
  const named = flags.judgeModel ?? flags.model ?? settings.judgeModel ?? settings.model
  const second = flags.secondOpinionModel ?? settings.secondOpinionModel
  const asking = await openJudge(context, {
    ...flags,
    model: named,
    ...(second === undefined ? {} : { secondOpinionModel: second }),
  })
  const { verdict } = await judge(asking.context, given)
  if (flags.json === true)
    printJson(context, { session: view.id, exact, before: view.verdict, after: verdict })
  else context.stdout.write(page(context, view.verdict, verdict, exact))
  return exitCodes.done
}

/** `exact`: all that the judge was given was kept; an older session kept less. */
async function caseOf(
  context: CommandContext,
  view: SessionView,
): Promise<{ readonly given: Case; readonly exact: boolean }> {
  const { id, task, patch, matrix, warnings } = view
  if (patch === null || matrix === null)
    throw failures.sessionState(id, 'without a checked change', 'one with a patch and its checks')
  const text = await patchText(context, view)
  const common = { task, patch: readPatch(text, patch.baseCommit) }
  const kept = await keptFor(context, id, patch.digest)
  if (kept !== undefined) {
    const { v: _, patch: __, ...rest } = kept
    return { given: { ...common, ...rest }, exact: true }
  }
  const known = warnings.map(({ acknowledged: _, ...warning }) => warning)
  return { given: { ...common, matrix, warnings: known, accounts: accountsOf(view.attempts) }, exact: false }
}

async function keptFor(context: CommandContext, id: string, patch: string): Promise<Given | undefined> {
  const folder = sessionFolder(context.sessions, id)
  for (const event of (await readEvents(folder)).toReversed()) {
    if (event.type !== 'verdict.given' || event.given === undefined) continue
    const parsed = Given.safeParse(tryJson((await readArtifact(folder, event.given)).toString('utf8')))
    if (parsed.success && parsed.data.patch === patch) return parsed.data
  }
  return undefined
}

function page({ colors: c }: CommandContext, before: Verdict | null, after: Verdict, exact: boolean): string {
  const cells: readonly (readonly [string, (verdict: Verdict | null) => string])[] = [
    ['decision', (verdict) => verdict?.decision ?? 'not asked'],
    ...(['in_scope', 'safe', 'quality'] as const).map(
      (name) => [name, (verdict: Verdict | null) => criterion(verdict, name)] as const,
    ),
    ['model', (verdict) => verdict?.model ?? ''],
    ['templates', (verdict) => verdict?.promptHash?.slice(0, 12) ?? ''],
    ['answers', (verdict) => String(verdict?.samples ?? 0)],
    ['cost', (verdict) => usd(verdict?.costUsd ?? null)],
  ]
  const rows = cells.map(([what, cell]) => {
    const [was, is] = [cell(before), cell(after)]
    return [what, was, was === is ? c.dim('=') : c.yellow('≠'), is]
  })
  const note = exact
    ? 'The judge was given exactly what the session kept.'
    : `${c.yellow('!')} This session is older than the record of what a judge is given: it got task, patch, checks, warnings and accounts, but not what the release changed.`
  const words = after.summary.split('\n').map((line) => `  ${oneLine(line, 200)}`)
  return `\n${table(['', 'in the session', '', 'now'], rows, c)}\n\n${note}\n${words.join('\n')}\n`
}

function criterion(verdict: Verdict | null, name: 'in_scope' | 'safe' | 'quality'): string {
  const found = verdict?.criteria?.[name]
  return found === undefined ? '–' : found.pass ? 'pass' : 'fail'
}
