import type { Usage } from '../../contract/events.ts'
import type { Verdict } from '../../contract/verdict.ts'
import type { Complete, Completion } from '../gateway/model.ts'
import { type Answer, readAnswer, verdictTool } from './answer.ts'
import { type Case, type JudgePrompts, judgeRequest, presentPatch, promptHash } from './request.ts'

export interface JudgeContext {
  readonly complete: Complete
  readonly prompts: JudgePrompts
  readonly model: string
  /** Another model, asked where the first approves; only where it approves as well is the patch approved. */
  readonly secondOpinionModel?: string
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

async function sample(context: JudgeContext, given: Case, model = context.model): Promise<Sample> {
  const calls: Completion[] = []
  let broken = ''
  for (let attempt = 0; attempt < 2; attempt += 1) {
    const remark = broken === '' ? '' : `\n\nYour previous answer was refused. ${broken}`
    const completion = await context.complete({
      purpose: 'judge',
      model,
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

/** A further sample, and why it was taken. */
interface Further {
  readonly sample: Sample
  readonly because: string
}

/** The first answer that does not approve decides; one that is broken twice is as good as a veto. */
function decide(first: Sample, further: readonly Further[]): Decision {
  if (first.answer === undefined) {
    return { decision: 'veto', summary: `The judge gave no valid answer twice. ${first.broken}` }
  }
  for (const { sample: other, because } of further) {
    if (other.answer === undefined) {
      return { decision: 'veto', summary: `${because}: the answer was not valid twice. ${other.broken}` }
    }
    if (approves(other.answer)) continue
    const summary = `Approved at first, vetoed ${because}.\n${summaryOf(other.answer)}`
    return { decision: 'veto', summary, criteria: other.answer }
  }
  const decision = approves(first.answer) ? 'approve' : 'veto'
  return { decision, summary: summaryOf(first.answer), criteria: first.answer }
}

function approved({ answer }: Sample): boolean {
  return answer !== undefined && approves(answer)
}

/** An approval is asked about again where warnings stand against it, and by another model where one is set. */
async function furtherSamples(
  context: JudgeContext,
  given: Case,
  first: Sample,
): Promise<readonly Further[]> {
  const further: Further[] = []
  const doubtful = given.warnings.some(({ severity }) => severity === 'acknowledge')
  if (doubtful && approved(first)) {
    const again = await sample(context, given)
    further.push({ sample: again, because: 'when asked again because of the warnings' })
  }
  const model = context.secondOpinionModel
  if (model !== undefined && approved(first) && further.every(({ sample: other }) => approved(other))) {
    further.push({
      sample: await sample(context, given, model),
      because: `by the second opinion of ${model}`,
    })
  }
  return further
}

/** The checks are red: there is nothing to judge, and no answer could change that. */
function red(context: JudgeContext, given: Case): Verdict {
  const summary = `The checks are red: ${given.matrix.reasons.join(' ')}`
  return { decision: 'veto', summary, model: context.model, samples: 0, costUsd: 0 }
}

/**
 * Judges a patch by `in_scope`, `safe` and `quality`. Fails closed: two broken answers are a veto, an approval that
 * passes over a warning must be given twice, and a second opinion that is set must approve as well. Throws what
 * `complete` throws.
 */
export async function judge(context: JudgeContext, given: Case): Promise<Judgement> {
  const { matrix, patch } = given
  if (matrix.verified && !matrix.green) return { verdict: red(context, given), usage: usageOf([]) }
  const first = await sample(context, given)
  const further = await furtherSamples(context, given, first)
  const calls = [first, ...further.map((one) => one.sample)].flatMap((one) => one.calls)
  const decision = decide(first, further)
  const partly = presentPatch(patch).complete
    ? ''
    : ' The patch is long: the judge saw only parts of some files.'
  return {
    verdict: {
      ...decision,
      summary: decision.summary + partly,
      model: context.model,
      samples: calls.length,
      promptHash: judgePromptHash(context.prompts),
      costUsd: calls.reduce((sum, { costUsd }) => sum + costUsd, 0),
    },
    usage: usageOf(calls),
  }
}

/** What a verdict depends on besides its input: prompt, rubric and the answer's schema. */
export function judgePromptHash(prompts: JudgePrompts): string {
  return promptHash(prompts, verdictTool)
}
