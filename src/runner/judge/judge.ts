import type { Usage } from '../../contract/events.ts'
import type { Verdict } from '../../contract/verdict.ts'
import type { Complete, Completion } from '../gateway/model.ts'
import { type Answer, readAnswer, verdictTool } from './answer.ts'
import { type Case, type JudgePrompts, judgeRequest, presentPatch, promptHash } from './request.ts'

export interface JudgeContext {
  readonly complete: Complete
  readonly prompts: JudgePrompts
  readonly model: string
  readonly signal?: AbortSignal
}

export interface Judgement {
  readonly verdict: Verdict
  readonly usage: Usage
}

const maxTokens = 4_000

/** One answer that fits the schema and quotes the patch, asked for at most twice; undefined where both were broken. */
interface Sample {
  readonly answer: Answer | undefined
  readonly broken: string
  readonly calls: readonly Completion[]
}

async function sample(context: JudgeContext, given: Case): Promise<Sample> {
  const calls: Completion[] = []
  let broken = ''
  for (let attempt = 0; attempt < 2; attempt += 1) {
    const remark = broken === '' ? '' : `\n\nYour previous answer was refused. ${broken}`
    const completion = await context.complete({
      purpose: 'judge',
      model: context.model,
      maxTokens,
      system: context.prompts.system,
      messages: [{ role: 'user', content: judgeRequest(context.prompts, given) + remark }],
      tools: [verdictTool],
      toolChoice: { type: 'tool', name: verdictTool.name },
      ...(context.signal === undefined ? {} : { signal: context.signal }),
    })
    calls.push(completion)
    const read = readAnswer(completion.content, given.patch.text)
    if ('answer' in read) return { answer: read.answer, broken: '', calls }
    broken = read.broken
  }
  return { answer: undefined, broken, calls }
}

function approves(answer: Answer): boolean {
  return Object.values(answer).every(({ pass }) => pass)
}

function summaryOf(answer: Answer): string {
  const failed = Object.entries(answer).filter(([, { pass }]) => !pass)
  if (failed.length === 0) return 'In scope, safe and of good quality.'
  return failed.map(([criterion, { reason }]) => `${criterion}: ${reason}`).join('\n')
}

function usageOf(calls: readonly Completion[]): Usage {
  const sum = { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0 }
  for (const { usage } of calls) {
    for (const key of Object.keys(sum) as (keyof Usage)[]) sum[key] += usage[key]
  }
  return sum
}

type Decision = Pick<Verdict, 'decision' | 'summary' | 'criteria'>

function decide(first: Sample, second: Sample | undefined): Decision {
  if (first.answer === undefined) {
    return { decision: 'veto', summary: `The judge gave no valid answer twice. ${first.broken}` }
  }
  if (second !== undefined && second.answer === undefined) {
    return { decision: 'veto', summary: `The judge's second answer was not valid twice. ${second.broken}` }
  }
  const answer = second?.answer === undefined || approves(second.answer) ? first.answer : second.answer
  if (approves(answer)) return { decision: 'approve', summary: summaryOf(answer), criteria: answer }
  const doubt = approves(first.answer)
    ? 'Approved at first, vetoed when asked again because of the warnings.\n'
    : ''
  return { decision: 'veto', summary: doubt + summaryOf(answer), criteria: answer }
}

/** The checks are red: there is nothing to judge, and no answer could change that. */
function red(context: JudgeContext, given: Case): Verdict {
  const summary = `The checks are red: ${given.matrix.reasons.join(' ')}`
  return { decision: 'veto', summary, model: context.model, samples: 0, costUsd: 0 }
}

/**
 * Judges a patch by `in_scope`, `safe` and `quality`. Fails closed: two broken answers are a veto, and where the first
 * approval passes over a warning that a person must acknowledge, a second sample must approve as well. Throws what
 * `complete` throws.
 */
export async function judge(context: JudgeContext, given: Case): Promise<Judgement> {
  const { matrix, warnings, patch } = given
  if (matrix.verified && !matrix.green) return { verdict: red(context, given), usage: usageOf([]) }
  const first = await sample(context, given)
  const doubtful = warnings.some(({ severity }) => severity === 'acknowledge')
  const again = doubtful && first.answer !== undefined && approves(first.answer)
  const second = again ? await sample(context, given) : undefined
  const calls = [...first.calls, ...(second?.calls ?? [])]
  const decision = decide(first, second)
  const partly = presentPatch(patch).complete
    ? ''
    : ' The patch is long: the judge saw only parts of some files.'
  return {
    verdict: {
      ...decision,
      summary: decision.summary + partly,
      model: context.model,
      samples: calls.length,
      promptHash: promptHash(context.prompts, verdictTool),
      costUsd: calls.reduce((sum, { costUsd }) => sum + costUsd, 0),
    },
    usage: usageOf(calls),
  }
}
