import { DrydockError } from '../../contract/failure.ts'
import type { Verdict, Warning } from '../../contract/verdict.ts'
import { givenText } from '../judge/given.ts'
import { judge } from '../judge/judge.ts'
import { loadJudgePrompts } from '../judge/request.ts'
import type { Run } from '../run.ts'
import type { Candidate } from './candidate.ts'
import { gatherEvidence } from './evidence.ts'
import { inStage } from './inStage.ts'
import type { Work } from './start.ts'

/** The judge's word on a candidate, or why there is none. */
export async function askJudge(
  work: Work,
  candidate: Candidate,
  warnings: readonly Warning[],
): Promise<Verdict> {
  const { run, base } = work
  const because = !candidate.matrix.verified
    ? 'Nothing was verified, so there was nothing to judge by.'
    : !candidate.matrix.green
      ? 'The checks are not green, so the judge was not asked.'
      : run.gateway.hasKey
        ? undefined
        : 'There is no key for the model.'
  if (because !== undefined) return unjudged(run, because)
  const { settings } = base
  try {
    return await inStage(
      run,
      { stage: 'judge' },
      async () => {
        const { patch, matrix, accounts = [] } = candidate
        const evidence = await gatherEvidence(work, candidate)
        const given = { task: run.task, patch, matrix, warnings, accounts, evidence }
        const { verdict, usage } = await judge(
          {
            complete: run.gateway.complete,
            prompts: await loadJudgePrompts(run.prompts),
            model: settings.judgeModel ?? settings.model,
            ...(settings.secondOpinionModel === undefined
              ? {}
              : { secondOpinionModel: settings.secondOpinionModel }),
            signal: run.signal,
          },
          given,
        )
        const kept = await run.log.artifacts.put(givenText(given))
        run.log.emit({ type: 'verdict.given', verdict, usage, given: kept })
        return verdict
      },
      ({ decision }) => ({ detail: decision }),
    )
  } catch (error) {
    const unreachable =
      error instanceof DrydockError && ['model-unavailable', 'model-refused'].includes(error.failure.code)
    if (!unreachable || run.signal.aborted) throw error
    return unjudged(run, `The judge could not be asked: ${error.failure.message}`)
  }
}

/** A verdict of its own: such a patch is published only by a person who accepts that nobody judged it. */
function unjudged(run: Run, summary: string): Verdict {
  const verdict: Verdict = { decision: 'not-judged', summary, samples: 0, costUsd: 0 }
  run.log.emit({ type: 'verdict.given', verdict })
  return verdict
}
