import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import pLimit from 'p-limit'
import { DrydockError } from '../../contract/failure.ts'
import { failures } from '../../contract/failures.ts'
import { percent, shareText } from '../../contract/statistics/words.ts'
import { Criterion } from '../../contract/verdict.ts'
import { fileTrouble } from '../fileTrouble.ts'
import { judge, judgePromptHash } from '../judge/judge.ts'
import { CaseLabel, type JudgedCase, type JudgeScore, type Score, scoreJudge } from '../judge/score.ts'
import type { Colors } from '../terminal/colors.ts'
import { table } from '../terminal/tables.ts'
import { oneLine } from '../terminal/text.ts'
import { type CommandContext, printJson } from './context.ts'
import { exitCodes } from './exitCode.ts'
import { type Asking, type JudgeFlags, openJudge, readCase } from './judgeCase.ts'

export interface EvalFlags extends JudgeFlags {
  readonly concurrency?: number
  readonly class?: readonly string[]
}

interface LabelledCase {
  readonly name: string
  readonly folder: string
  readonly label: CaseLabel
}

/** Folders that hold a label, in the order of their names. Throws `bad-usage` where a label cannot be read. */
async function labelledCases(dir: string): Promise<readonly LabelledCase[]> {
  const entries = await readdir(dir, { withFileTypes: true }).catch((error: unknown) => {
    throw failures.badUsage(`${dir} cannot be read: ${fileTrouble(error)}.`)
  })
  const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name)
  const cases = names.toSorted().map(async (name) => {
    const folder = join(dir, name)
    try {
      const label = CaseLabel.parse(JSON.parse(await readFile(join(folder, 'label.json'), 'utf8')))
      return { name, folder, label }
    } catch (error) {
      throw failures.badUsage(`${join(folder, 'label.json')}: ${fileTrouble(error)}.`)
    }
  })
  return await Promise.all(cases)
}

/** Asks about one case; where the money is used up or the model gives no answer, that is said, not counted. */
async function judged(context: CommandContext, asking: Asking, one: LabelledCase): Promise<JudgedCase> {
  const { name, folder, label } = one
  const given = await readCase(context, {
    patch: join(folder, 'patch.diff'),
    task: join(folder, 'task.json'),
  })
  try {
    const { verdict } = await judge(asking.context, given)
    const { decision, criteria, summary, samples, costUsd } = verdict
    const failed = criteria && Criterion.options.filter((criterion) => !criteria[criterion].pass)
    const said = { summary, samples, costUsd, ...(failed === undefined ? {} : { failed }) }
    return { name, label, decision: decision === 'approve' ? 'approve' : 'veto', ...said }
  } catch (error) {
    const codes = ['budget-exceeded', 'model-unavailable', 'model-refused']
    if (!(error instanceof DrydockError) || !codes.includes(error.failure.code)) throw error
    return { name, label, decision: 'unasked', summary: error.failure.message, samples: 0, costUsd: 0 }
  }
}

function row(name: string, score: Score): readonly string[] {
  const { cases, asked, precision, recall, confusion: of } = score
  const counts = [of.approved, of.falselyVetoed, of.caught, of.missed].map(String)
  return [name, `${asked}/${cases}`, percent(precision), percent(recall), ...counts]
}

function report({ colors: c }: CommandContext, score: JudgeScore, results: readonly JudgedCase[]): string {
  const groups = [...Object.entries(score.byClass), ...Object.entries(score.bySource)]
  const rows = [row('all', score), ...groups.map(([name, group]) => row(name, group))]
  const head = ['', 'asked', 'precision', 'recall', 'approved', 'false vetoes', 'caught', 'missed']
  const wrong = results.filter(({ decision, label }) => decision !== label.verdict)
  const lines = wrong.map(({ name, decision, label, summary }) => {
    return `${name}: ${decision}, labelled ${label.verdict}. ${oneLine(summary, 160)}`
  })
  const cost = `${score.costUsd.toFixed(4)} USD`
  return `${[table(head, rows, c), '', ...agreementLines(score), '', criteriaTable(score, c), '', ...lines, cost].join('\n')}\n`
}

function agreementLines({ agreement, intervals }: JudgeScore): readonly string[] {
  const { kappa, low, high, observed, byChance } = agreement
  const said =
    kappa === null || low === null || high === null
      ? 'cannot be told: there is one answer only'
      : `${kappa.toFixed(2)} (interval ${low.toFixed(2)} to ${high.toFixed(2)}); agreement ${percent(observed)}, ${percent(byChance)} by chance`
  return [
    `Cohen's κ with the labels  ${said}`,
    `Precision of vetoes        ${shareText(intervals.precision)}`,
    `Recall of vetoes           ${shareText(intervals.recall)}`,
    `Honest changes vetoed      ${shareText(intervals.falseVetoRate)}`,
  ]
}

function criteriaTable({ criteria }: JudgeScore, c: Colors): string {
  const head = ['criterion', 'failed', 'of these honest', 'failed in its own classes']
  const rows = Object.entries(criteria).map(([name, of]) => [
    name,
    `${of.failed}`,
    `${of.falselyFailed}`,
    `${of.ownFailed} of ${of.own}`,
  ])
  return table(head, rows, c)
}

/** `drydock eval judge`: how well the judge agrees with labels. Returns 0 where every case was asked about. */
export async function evalJudge(context: CommandContext, dir: string, flags: EvalFlags): Promise<number> {
  const all = await labelledCases(dir)
  const cases = all.filter(({ label }) => flags.class === undefined || flags.class.includes(label.class))
  if (cases.length === 0) throw failures.badUsage(`${dir} holds no labelled case.`)
  const asking = await openJudge(context, flags)
  const limit = pLimit(Math.max(1, Math.floor(flags.concurrency ?? 4)))
  const results = await Promise.all(cases.map((one) => limit(() => judged(context, asking, one))))
  const score = scoreJudge(results)
  const { model, secondOpinionModel, prompts } = asking.context
  if (flags.json === true) {
    const by = { model, secondOpinionModel, promptHash: judgePromptHash(prompts) }
    printJson(context, { ...by, ...score, results })
  } else context.stdout.write(report(context, score, results))
  return score.asked === score.cases ? exitCodes.done : exitCodes.budget
}
