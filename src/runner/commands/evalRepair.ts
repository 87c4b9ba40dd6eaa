import { appendFile, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import pLimit from 'p-limit'
import { DrydockError } from '../../contract/failure.ts'
import { failures } from '../../contract/failures.ts'
import { tryJson } from '../../contract/json.ts'
import { Settings } from '../../contract/settings.ts'
import { secretsOf } from '../gateway/connection.ts'
import { modelConnection } from '../modelConnection.ts'
import { agentPromptsHash, loadAgentPrompts } from '../repair/prompt.ts'
import { repairPage } from '../repairEval/page.ts'
import { caseRepository } from '../repairEval/repository.ts'
import { CaseResult, resultOf, withoutSession } from '../repairEval/result.ts'
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
      throw failures.badUsage(`--prompts ${prompts} is no folder of templates: ${String(error)}`)
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
  const results = flags.again === true ? new Map() : await earlierResults(file, run)
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
    spent: 0,
    running: new Set(),
  }
  const all = flags.table === true ? true : await runCases(evaluation)
  const score = scoreRepairs(set, [...results.values()])
  const page = repairPage(set, results, score, by)
  const report = { ...by, ...score, results: [...results.values()] }
  await writeFile(join(out, 'report.json'), `${JSON.stringify(report, undefined, 2)}\n`)
  await writeFile(join(out, 'report.md'), page)
  if (flags.json === true) printJson(context, report)
  else context.stdout.write(page)
  return all ? exitCodes.done : exitCodes.budget
}

/** Whether every case was run; not so where the money ended before. */
async function runCases(evaluation: Evaluation): Promise<boolean> {
  const { context, set, flags, results } = evaluation
  if (secretsOf(await modelConnection(context.env)).length === 0) throw failures.noKey()
  const due = set.cases.filter(
    (one) =>
      !results.has(one.id) &&
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
    ({ costUsd }) => {
      evaluation.spent += costUsd
      evaluation.running.delete(settled)
    },
    () => void evaluation.running.delete(settled),
  )
  evaluation.running.add(settled)
  const result = await running
  // Who ended it, or what the machine could not do, says nothing about the case: it is run again.
  if (context.signal.aborted || ['cancelled', 'interrupted'].includes(result.outcome)) return false
  results.set(one.id, result)
  await appendFile(file, `${JSON.stringify(result)}\n`)
  context.stderr.write(`${one.id}: ${result.end} (${result.outcome || 'no session'}, ${result.seconds} s)\n`)
  return true
}

async function measured(evaluation: Evaluation, one: RepairCase, usd: number): Promise<CaseResult> {
  const { context, set, flags, out, run } = evaluation
  try {
    const root = await caseRepository(one, {
      ...{ base: set.base, out: join(out, 'repositories'), env: context.env, signal: context.signal },
      ...(flags.repositories === undefined ? {} : { copies: resolve(context.cwd, flags.repositories) }),
    })
    const { task } = await newUpdate(context, one.update, {
      repo: one.folder === undefined ? root : join(root, one.folder),
      budgetUsd: usd,
      maxSessions: Math.max(2, Math.floor(flags.concurrency ?? 2)),
      ...(flags.model === undefined ? {} : { model: flags.model }),
      ...(flags.judgeModel === undefined ? {} : { judgeModel: flags.judgeModel }),
      ...(flags.maxAttempts === undefined ? {} : { maxAttempts: flags.maxAttempts }),
      ...(flags.verifyTimeout === undefined ? {} : { verifyTimeout: flags.verifyTimeout }),
    })
    return resultOf(one, run, await runSession(context, task, () => {}))
  } catch (error) {
    if (!(error instanceof DrydockError) || context.signal.aborted) throw error
    return withoutSession(one, run, 'absent', error.failure.message)
  }
}

async function earlierResults(file: string, run: string): Promise<Map<string, CaseResult>> {
  const lines = (await readFile(file, 'utf8').catch(() => '')).split('\n')
  // A line that a kill tore is no result: its case is run again.
  const read = lines.flatMap((line) => {
    const parsed = CaseResult.safeParse(tryJson(line))
    return parsed.success && parsed.data.run === run ? [parsed.data] : []
  })
  return new Map(read.map((one) => [one.id, one]))
}
