import type { Codemod, CodemodOrigin } from '../contract/codemod.ts'
import { failures } from '../contract/failures.ts'
import type { Report } from '../contract/report.ts'
import { type Distilled, type DistilRequest, distil, loadDistilPrompts } from './codemod/distil.ts'
import { begin } from './pipeline/begin.ts'
import { makeUpdateCandidate, raise } from './pipeline/candidate.ts'
import { codemodDigest, repairByCodemod, type Tried } from './pipeline/codemod.ts'
import { gatherEvidence } from './pipeline/evidence.ts'
import { inStage } from './pipeline/inStage.ts'
import type { Work } from './pipeline/start.ts'
import type { Ending } from './pipeline.ts'
import { failureTexts } from './repair/failureTexts.ts'
import type { Run } from './run.ts'
import { holds } from './verify/matrix.ts'

/** A repair that was accepted, as far as it is code. */
export interface Repair {
  readonly from: CodemodOrigin
  /** The version before. */
  readonly before: string
  readonly patch: string
}

/** Answers of the model that are tried. */
const most = 3

/**
 * A chain of its own: the model makes a codemod of a repair, which is tried on the repair's own base and checked there
 * as every repair is. What was kept is what passed; nobody is asked to publish what it made.
 */
export function distilChain(repair: Repair, keep: (codemod: Codemod) => void): (run: Run) => Promise<Ending> {
  return async (run) => {
    const { task } = run
    if (task.kind !== 'dependency-update') throw failures.badUsage('Only a repaired update can be distilled.')
    if (!run.gateway.hasKey) throw failures.noKey()
    const broken = await brokenBase(run)
    if (broken === undefined)
      return { outcome: 'verification-failed', reason: 'The update alone breaks nothing here any more.' }
    return await tries(broken, repair, keep)
  }
}

interface Broken extends Work {
  readonly release: string
}

/** The base with the update and nothing else, and what fails there. */
async function brokenBase(run: Run): Promise<Broken | undefined> {
  const begun = await begin(run)
  if ('upToDate' in begun || begun.update === undefined) return undefined
  const { work, update } = begun
  const first = await makeUpdateCandidate(work, update.patch)
  if (holds(first.matrix)) return undefined
  const { release = '' } = await gatherEvidence(work, first)
  return { ...work, start: { ...work.start, found: first.matrix }, release }
}

async function tries(
  work: Broken,
  { from, before, patch }: Repair,
  keep: (codemod: Codemod) => void,
): Promise<Ending> {
  const { run, start, release } = work
  const request = { from, before, failures: failing(start.update), release, patch }
  let remark = ''
  let why = ''
  for (let number = 1; number <= most; number += 1) {
    const answer = await asked(run, request, remark, number)
    if ('broken' in answer) {
      remark = answer.broken
      why = answer.broken
      continue
    }
    const tried = await repairByCodemod(work, answer.codemod)
    if (tried.result === 'covered') return kept(run, tried, keep)
    remark = remarkOn(answer.codemod, tried)
    why = `${tried.result}${tried.detail === undefined ? '' : `, ${tried.detail}`}`
  }
  return { outcome: 'verification-failed', reason: `After ${most} answers of the model: ${why}` }
}

/** One answer of the model; what it cost stands in the log, whatever it is worth. */
async function asked(run: Run, request: DistilRequest, remark: string, number: number) {
  const { settings } = run.task
  const prompts = await loadDistilPrompts(run.prompts)
  const { complete } = run.gateway
  const { model } = settings
  const answer = await inStage(
    run,
    { stage: 'distil', attempt: number },
    () => distil({ complete, prompts, model, signal: run.signal }, request, remark),
    (answer) => ({ detail: 'codemod' in answer ? answer.codemod.title : 'no answer that fits' }),
  )
  const { usage, costUsd } = answer
  const made = 'codemod' in answer ? await stored(run, answer) : {}
  run.log.emit({ type: 'codemod.distilled', from: request.from.session, model, usage, costUsd, ...made })
  return answer
}

async function stored(run: Run, { codemod }: Distilled): Promise<{ digest: string; title: string }> {
  await run.log.artifacts.put(codemod.text)
  return { digest: codemodDigest(codemod), title: codemod.title }
}

function failing({ steps }: Report): string {
  const failed = steps.filter(({ exitCode }) => exitCode !== 0)
  const texts = failureTexts(failed)
  return failed.map(({ name, command }, at) => `${name}: ${command}\n${texts[at] ?? ''}`).join('\n\n')
}

function remarkOn(codemod: Codemod, { result, detail = '', candidate }: Tried): string {
  const said = {
    covered: '',
    partly: 'It changed code, and checks still fail:',
    nothing: 'It changed nothing in this repository.',
    worse: 'It made something fail that passes with the update alone:',
    failed: 'It could not be applied:',
  }[result]
  const logs = candidate === undefined ? '' : failing(candidate.report)
  return [codemod.text, said, detail, logs].filter((part) => part !== '').join('\n\n')
}

function kept(run: Run, { codemod, candidate }: Tried, keep: (codemod: Codemod) => void): Ending {
  raise(run, candidate?.warnings ?? [])
  const summary = 'A trial of a codemod: no judge was asked.'
  run.log.emit({
    type: 'verdict.given',
    verdict: { decision: 'not-judged', summary, samples: 0, costUsd: 0 },
  })
  keep(codemod)
  const whose = codemod.from === undefined ? 'the session' : `session ${codemod.from.session}`
  return {
    outcome: 'rejected',
    reason: `A trial: the codemod repairs this base as ${whose} does, whose change is the one to publish.`,
  }
}
