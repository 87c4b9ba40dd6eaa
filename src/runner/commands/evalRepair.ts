import { appendFile, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import pLimit from 'p-limit'
import { DrydockError } from '../../contract/failure.ts'
import { failures } from '../../contract/failures.ts'
import { tryJson } from '../../contract/json.ts'
import { Settings } from '../../contract/settings.ts'
import { acquireLock } from '../../store/lock.ts'
import { fileTrouble } from '../fileTrouble.ts'
import { secretsOf } from '../gateway/connection.ts'
import { modelConnection } from '../modelConnection.ts'
import { agentPromptsHash, loadAgentPrompts } from '../repair/prompt.ts'
import { type RunOf, repairPage } from '../repairEval/page.ts'
import { caseRepository } from '../repairEval/repository.ts'
import { CaseResult, resultOf, saysNothing, withoutSession } from '../repairEval/result.ts'
import { scoreRepairs } from '../repairEval/score.ts'
import { type RepairCase, type RepairSet, readSet } from '../repairEval/set.ts'
import { runSession } from '../session.ts'
import { type CommandContext, printJson } from './context.ts'
import { exitCodes } from './exitCode.ts'
import { newUpdate } from './newTask.ts'

export interface EvalRepairFlags {
  readonly model?: string
  readonly judgeModel?: string
  readonly prompts?: string
  readonly out: string
  readonly repositories?: string
  readonly only?: readonly string[]
  readonly class?: readonly string[]
  readonly concurrency?: number
  readonly budgetUsd?: number
  readonly caseBudgetUsd?: number
  readonly maxAttempts?: number
  readonly verifyTimeout?: number
  readonly again?: boolean
  readonly table?: boolean
  readonly played?: boolean
  readonly json?: boolean
}

interface Evaluation {
  readonly context: CommandContext
  readonly set: RepairSet
  readonly flags: EvalRepairFlags
  readonly out: string
  /** One line a result; what stands in it is not run again. */
  readonly file: string
  readonly run: string
  readonly results: Map<string, CaseResult>
  spent: number
  /** Cases that may still cost all of their own budget. */
  readonly running: Set<Promise<void>>
}

/** `drydock eval repair`: runs a set of breaking updates and says how many were repaired. It goes on where it was ended. */
export async function evalRepair(
  context: CommandContext,
  path: string,
  flags: EvalRepairFlags,
): Promise<number> {
  const set = await readSet(path)
  const out = resolve(context.cwd, flags.out)
  const prompts = flags.prompts ?? context.prompts ?? join(context.assets, 'prompts')
  const prompt = agentPromptsHash(
    await loadAgentPrompts(prompts).catch((error: unknown) => {
      throw failures.badUsage(`--prompts ${prompts} is no folder of templates: ${fileTrouble(error)}.`)
    }),
  )
  const model = flags.model ?? Settings.parse({}).model
  const by = { version: context.version, model, prompt, played: flags.played === true }
  const run = [
    by.version,
    model,
    flags.judgeModel ?? '-',
    prompt.slice(0, 16),
    by.played ? 'played' : 'real',
  ].join(' ')
  await mkdir(out, { recursive: true })
  const file = join(out, 'results.jsonl')
  const results = await earlierResults(file, run)
  // Sessions of a measurement are none of the user's own; what is prepared for them is.
  const own = { ...context, prompts, sessions: join(out, 'home', 'sessions') }
  const evaluation: Evaluation = {
    context: own,
    set,
    flags,
    out,
    file,
    run,
    results,
    // The money is for all cases, whenever they were run.
    spent: [...results.values()].reduce((sum, { costUsd }) => sum + costUsd, 0),
    running: new Set(),
  }
  refuseUnknown(set, flags)
  if (flags.table === true) {
    print(evaluation, reportOf(evaluation, by))
    return exitCodes.done
  }
  try {
    const all = await alone(out, () => runCases(evaluation))
    await writeReport(evaluation, by)
    return all ? exitCodes.done : exitCodes.budget
  } catch (error) {
    if (!context.signal.aborted) throw error
    await writeReport(evaluation, by)
    throw failures.evalCancelled(results.size)
  }
}

/** Names that the set has not are a mistake, not an empty choice. */
function refuseUnknown({ cases }: RepairSet, { only = [], class: classes = [] }: EvalRepairFlags): void {
  const id = only.find((one) => cases.every((other) => other.id !== one))
  if (id !== undefined) throw failures.badUsage(`The set has no case ${id}.`)
  const known = [...new Set(cases.map((one) => one.class ?? 'unknown'))]
  const name = classes.find((one) => !known.includes(one))
  if (name !== undefined)
    throw failures.badUsage(`The set has no class ${name}: its classes are ${known.join(', ')}.`)
}

/** What there is of this program, model and templates; nothing of what another one left is touched. */
function reportOf({ set, results }: Evaluation, by: RunOf) {
  const score = scoreRepairs(set, [...results.values()])
  return {
    page: repairPage(set, results, score, by),
    values: { ...by, ...score, results: [...results.values()] },
  }
}

function print({ context, flags }: Evaluation, { page, values }: ReturnType<typeof reportOf>): void {
  if (flags.json === true) printJson(context, values)
  else context.stdout.write(page)
}

async function writeReport(evaluation: Evaluation, by: RunOf): Promise<void> {
  const { out } = evaluation
  const made = reportOf(evaluation, by)
  await writeFile(join(out, 'report.json'), `${JSON.stringify(made.values, undefined, 2)}\n`)
  await writeFile(join(out, 'report.md'), made.page)
  print(evaluation, made)
}

/** Two runs into one folder would each run what the other one has. */
async function alone<T>(out: string, work: () => Promise<T>): Promise<T> {
  const lock = await acquireLock(out, (socket) => void socket.destroy()).catch((error: unknown) => {
    const busy = error instanceof DrydockError && error.failure.code === 'session-busy'
    throw busy
      ? failures.badUsage(`Another run writes to ${out}: wait for it, or name another --out.`)
      : error
  })
  try {
    return await work()
  } finally {
    await lock.release()
  }
}

/** Whether every case was run; not so where the money ended before. */
async function runCases(evaluation: Evaluation): Promise<boolean> {
  const { context, set, flags, results } = evaluation
  if (secretsOf(await modelConnection(context.env)).length === 0) throw failures.noKey()
  const due = set.cases.filter(
    (one) =>
      (flags.again === true || !results.has(one.id)) &&
      (flags.only?.includes(one.id) ?? true) &&
      (flags.class === undefined || flags.class.includes(one.class ?? 'unknown')),
  )
  const limit = pLimit(Math.max(1, Math.floor(flags.concurrency ?? 2)))
  const ran = await Promise.all(due.map((one) => limit(() => runCase(evaluation, one))))
  context.signal.throwIfAborted()
  return ran.every(Boolean)
}

async function runCase(evaluation: Evaluation, one: RepairCase): Promise<boolean> {
  const { context, flags, file, results } = evaluation
  if (context.signal.aborted) return false
  const budget = flags.budgetUsd ?? 20
  const usd = Math.min(budget, flags.caseBudgetUsd ?? 5)
  // A case that ends for want of money says nothing: it is begun where the whole of its own is left.
  while (budget - evaluation.spent - evaluation.running.size * usd < usd && evaluation.running.size > 0)
    await Promise.race(evaluation.running)
  if (budget - evaluation.spent < usd) {
    context.stderr.write(`${one.id}: not run, what is left of the money may not suffice\n`)
    return false
  }
  const running = measured(evaluation, one, usd)
  const settled = running.then(
    ({ result }) => {
      evaluation.spent += result.costUsd
      evaluation.running.delete(settled)
    },
    () => void evaluation.running.delete(settled),
  )
  evaluation.running.add(settled)
  const { result, counts } = await running
  if (context.signal.aborted) return false
  if (!counts) {
    context.stderr.write(`${one.id}: no result, it is run again next time: ${result.reason}\n`)
    return false
  }
  results.set(one.id, result)
  await appendFile(file, `${JSON.stringify(result)}\n`)
  context.stderr.write(`${one.id}: ${result.end} (${result.outcome || 'no session'}, ${result.seconds} s)\n`)
  return true
}

interface Measured {
  readonly result: CaseResult
  /** False where it ended for a reason that is nothing of the case's. */
  readonly counts: boolean
}

async function measured(evaluation: Evaluation, one: RepairCase, usd: number): Promise<Measured> {
  const { context, set, flags, out, run } = evaluation
  try {
    const repo = await caseRepository(one, {
      ...{ base: set.base, out: join(out, 'repositories'), env: context.env, signal: context.signal },
      ...(flags.repositories === undefined ? {} : { copies: resolve(context.cwd, flags.repositories) }),
    })
    const { task } = await newUpdate(context, one.update, {
      repo,
      budgetUsd: usd,
      maxSessions: Math.max(2, Math.floor(flags.concurrency ?? 2)),
      ...(flags.model === undefined ? {} : { model: flags.model }),
      ...(flags.judgeModel === undefined ? {} : { judgeModel: flags.judgeModel }),
      ...(flags.maxAttempts === undefined ? {} : { maxAttempts: flags.maxAttempts }),
      ...(flags.verifyTimeout === undefined ? {} : { verifyTimeout: flags.verifyTimeout }),
    })
    const view = await runSession(context, task, () => {})
    return { result: resultOf(one, run, view), counts: !saysNothing(view) }
  } catch (error) {
    if (!(error instanceof DrydockError) || context.signal.aborted) throw error
    return { result: withoutSession(one, run, 'absent', error.failure.message), counts: true }
  }
}

async function earlierResults(file: string, run: string): Promise<Map<string, CaseResult>> {
  const lines = (await readFile(file, 'utf8').catch(() => '')).split('\n')
  // A line that a kill tore is no result: its case is run again.
  const read = lines.flatMap((line) => {
    const parsed = CaseResult.safeParse(tryJson(line))
    // What was not to be had may be by now.
    return parsed.success && parsed.data.run === run && parsed.data.end !== 'absent' ? [parsed.data] : []
  })
  return new Map(read.map((one) => [one.id, one]))
}
