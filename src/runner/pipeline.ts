import type { Codemod } from '../contract/codemod.ts'
import type { Event, Outcome } from '../contract/events.ts'
import { DrydockError } from '../contract/failure.ts'
import { failures } from '../contract/failures.ts'
import type { Patch } from '../contract/patch.ts'
import { proofLine } from '../contract/proof.ts'
import type { Matrix } from '../contract/report.ts'
import { upToDateReason } from './pipeline/arrival.ts'
import { askJudge } from './pipeline/askJudge.ts'
import { begin } from './pipeline/begin.ts'
import {
  type Candidate,
  type Maker,
  makeChangeCandidate,
  makeUpdateCandidate,
  raise,
} from './pipeline/candidate.ts'
import { repairByCodemod } from './pipeline/codemod.ts'
import { startAgain } from './pipeline/drop.ts'
import { minimiseCandidate } from './pipeline/minimise.ts'
import { moveToToolsOf } from './pipeline/newerTools.ts'
import { type Packaged, packageBase } from './pipeline/packageBase.ts'
import type { Planned } from './pipeline/planned.ts'
import { findNotRun } from './pipeline/reach.ts'
import { makeRepairContext, type RepairContext } from './pipeline/repairContext.ts'
import { repairInAttempts } from './pipeline/repairInAttempts.ts'
import type { Work } from './pipeline/start.ts'
import { tellBreaks } from './pipeline/why.ts'
import type { Run } from './run.ts'
import { holds } from './verify/matrix.ts'

/** How a session's work ends; exactly one. */
export interface Ending {
  readonly outcome: Outcome
  readonly reason: string
}

/**
 * The chain: package, update, prepare and verify (base, then update), repair where the update broke
 * something, judge. It ends awaiting review, or earlier by a name; publishing is a person's decision and comes later.
 */
export async function runPipeline(run: Run): Promise<Ending> {
  const { task } = run
  // Only an update may turn out to need no agent.
  if (task.kind !== 'dependency-update' && !run.gateway.hasKey) throw failures.noKey()
  const begun = await begin(run)
  if ('upToDate' in begun) return await upToDate(begun.upToDate, task)
  const { work, update } = begun
  // Tasks of other kinds have no change before the agent's.
  const first = update === undefined ? undefined : await makeUpdateCandidate(work, update.patch)
  if (first !== undefined && run.prior?.asItIs !== true && settles(run, first))
    return judgeCandidate(work, first)
  const kept = await tryAsItIs(work)
  if (kept !== undefined) return kept
  const { base, start } = work
  const context = await makeRepairContext(run, base, update, start.update)
  if (first !== undefined) tellBreaks(run, first, context)
  const known = { ...start, ...(first === undefined ? {} : { found: first.matrix }) }
  return repairBreak({ run, base, start: known }, { update, context })
}

/** A change that is there already, on the commit that its base has come to: no agent where nothing is wrong with it. */
async function tryAsItIs(work: Work): Promise<Ending | undefined> {
  const { run, base } = work
  const { asItIs, patch, said } = run.prior ?? {}
  if (asItIs !== true || patch === undefined || said !== '') return undefined
  const tree = await run.repository.apply(base.snapshot.tree, patch)
  const candidate = await makeChangeCandidate(work, tree, { role: 'dropped' })
  const isGood = holds(candidate.matrix) && candidate.objections.length === 0
  return isGood || !run.gateway.hasKey ? judgeCandidate(work, candidate) : undefined
}

/**
 * A change that was approved on another base, checked on this one as any change is; no agent and no judge is asked.
 * Undefined where the base has nothing left to update.
 */
export async function checkOnto(run: Run, text: string, by: Maker): Promise<OnBase | undefined> {
  const begun = await begin(run)
  if ('upToDate' in begun) return undefined
  const { work, update } = begun
  const { tree } = work.base.snapshot
  const changed = await run.repository.apply(tree, text)
  const candidate =
    update !== undefined && changed === work.start.tree
      ? await makeUpdateCandidate(work, update.patch)
      : await makeChangeCandidate(work, changed, by)
  return { candidate, baseTree: tree, ...(update === undefined ? {} : { update: update.patch }) }
}

/** A change that was checked on a base, and the update as the package manager made it there. */
export interface OnBase {
  readonly candidate: Candidate
  readonly baseTree: string
  readonly update?: Patch
}

/**
 * A session that ended for want of a key alone goes on where it stopped: what was installed and measured stands in its
 * log, and only the agent's part is left.
 */
export async function resumePipeline(run: Run, events: readonly Event[]): Promise<Ending> {
  const found = ofUpdate(events)
  const plan = events.findLast((event) => event.type === 'update.planned')
  // Other tasks ask for the key before anything else.
  if (found === undefined || plan === undefined) return runPipeline(run)
  const base = await moveToToolsOf(run, await packageBase(run), events)
  const start = await startAgain(run, base, events)
  const told = events.flatMap((event) => (event.type === 'why.found' ? (event.packages ?? []) : []))
  base.known.moves = told.at(-1)
  const context = await makeRepairContext(run, base, { plan }, start.update)
  return repairBreak({ run, base, start: { ...start, found } }, { update: { plan }, context })
}

/** What the update alone came to, whatever a codemod made of it afterwards. */
function ofUpdate(events: readonly Event[]): Matrix | undefined {
  const tried = events.findIndex((event) => event.type === 'patch.made' && event.source === 'codemod')
  const before = tried < 0 ? events : events.slice(0, tried)
  return before.findLast((event) => event.type === 'matrix.made')?.matrix
}

/** A codemod where there is one, then the agent's attempts, and what comes after them. */
async function repairBreak(
  work: Work,
  known: { readonly update: Planned | undefined; readonly context: RepairContext },
): Promise<Ending> {
  const { run, start } = work
  const codemod = codemodOf(run)
  const tried = codemod === undefined ? undefined : await repairByCodemod(work, codemod)
  if (tried?.result === 'covered' && tried.candidate !== undefined)
    return judgeCandidate(work, await minimiseCandidate(work, tried.candidate))
  if (!run.gateway.hasKey) {
    const broken = start.found?.breaks?.[0]
    throw broken === undefined ? failures.noKey() : failures.repairNeedsKey(broken)
  }
  const { candidate, outcome, reason } = await repairInAttempts(work, { ...known, tried }).catch(
    withoutModel(work),
  )
  if (candidate === undefined || outcome !== 'green') {
    return { outcome: outcome === 'green' ? 'verification-failed' : outcome, reason }
  }
  return judgeCandidate(work, await minimiseCandidate(work, candidate))
}

/** A model that gave not one answer has repaired nothing: that is a session's state, from which it goes on. */
function withoutModel({ run: { log }, start }: Work): (error: unknown) => never {
  return (error) => {
    const isOut =
      error instanceof DrydockError && ['model-unavailable', 'model-refused'].includes(error.failure.code)
    if (!isOut || log.events.some(({ type }) => type === 'agent.turn')) throw error
    throw failures.repairNeedsModel(start.found?.breaks?.[0], error.failure)
  }
}

/** What an earlier session left, or a person asked for, goes before what another repository needed. */
function codemodOf({ task, prior }: Run): Codemod | undefined {
  return task.kind === 'dependency-update' && prior === undefined ? task.codemod : undefined
}

async function upToDate(base: Packaged, task: Run['task']): Promise<Ending> {
  return { outcome: 'up-to-date', reason: await upToDateReason(base, task) }
}

/** Nothing that was measured is worse: no agent is needed, unless a person asked for more than that. */
function settles({ prior }: Run, { matrix }: Candidate): boolean {
  return holds(matrix) && (!matrix.verified || (prior?.said ?? '') === '')
}

/** The last word before a person's: the judge's, where there is one to ask. */
async function judgeCandidate(work: Work, candidate: Candidate): Promise<Ending> {
  const { matrix } = candidate
  const warnings = raise(work.run, [...candidate.warnings, ...(await findNotRun(work, candidate))])
  const verdict = await askJudge(work, candidate, warnings)
  if (verdict.decision === 'veto') return { outcome: 'vetoed', reason: verdict.summary }
  // Nothing that was green waits for a person while it is red.
  if (!holds(matrix)) return { outcome: 'verification-failed', reason: matrix.reasons.join(' ') }
  const proofs = { tests: '', steps: ` No test proves it: ${proofLine(matrix)}.`, none: ' Not verified.' }
  const judgement = verdict.decision === 'not-judged' ? ' Not judged.' : ''
  return {
    outcome: 'awaiting-review',
    reason: `Waiting for review.${proofs[matrix.proof ?? 'tests']}${judgement}`,
  }
}
