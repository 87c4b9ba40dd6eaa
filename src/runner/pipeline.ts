import type { Event, Outcome } from '../contract/events.ts'
import { failures } from '../contract/failures.ts'
import { proofLine } from '../contract/proof.ts'
import type { DependencyUpdate } from '../contract/task.ts'
import { arrived, upToDateReason } from './pipeline/arrived.ts'
import { attempts } from './pipeline/attempts.ts'
import { baseline } from './pipeline/baseline.ts'
import { preparedBase } from './pipeline/besides.ts'
import { type Candidate, changeCandidate, raise, updateCandidate } from './pipeline/candidate.ts'
import { checked } from './pipeline/check.ts'
import { startAgain } from './pipeline/drop.ts'
import { minimised } from './pipeline/minimised.ts'
import { onNewerTools, onToolsOf } from './pipeline/newerTools.ts'
import { repairContext } from './pipeline/repairContext.ts'
import { type Packaged, packaged, planned, prepared, updated, withPeersOf } from './pipeline/stages.ts'
import type { Start } from './pipeline/start.ts'
import { together } from './pipeline/together.ts'
import { verdictOn } from './pipeline/verdict.ts'
import { tellBreaks, tellUpdate } from './pipeline/why.ts'
import type { Prepared } from './prepare/prepare.ts'
import type { Run } from './run.ts'
import type { Update } from './update/update.ts'
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
  const found = await packaged(run)
  const plan = task.kind === 'dependency-update' ? await planned(run, task, found) : undefined
  if (task.kind === 'dependency-update' && plan === undefined) return await upToDate(found, task)
  const base = await onNewerTools(run, found, plan)
  const made = await startOf(run, base)
  if (made === undefined) return await upToDate(base, task)
  const { start, update } = made
  // Tasks of other kinds have no change before the agent's.
  const first = update === undefined ? undefined : await updateCandidate(run, base, start, update.patch)
  if (first !== undefined && run.earlier?.asItIs !== true && settles(run, first))
    return judged(run, base, start, first)
  const kept = await asItIs(run, base, start)
  if (kept !== undefined) return kept
  const context = await repairContext(run, base, update, start.update)
  if (first !== undefined) tellBreaks(run, first, context)
  if (!run.gateway.hasKey) {
    const broken = first?.matrix.breaks?.[0]
    throw broken === undefined ? failures.noKey() : failures.repairNeedsKey(broken)
  }
  const known = { ...start, ...(first === undefined ? {} : { found: first.matrix }) }
  return repaired(run, base, known, { update, context })
}

/** A change that is there already, on the commit that its base has come to: no agent where nothing is wrong with it. */
async function asItIs(run: Run, base: Packaged, start: Start): Promise<Ending | undefined> {
  const { asItIs, patch, said } = run.earlier ?? {}
  if (asItIs !== true || patch === undefined || said !== '') return undefined
  const tree = await run.repository.apply(base.snapshot.tree, patch)
  const candidate = await changeCandidate(run, base, start, tree, { role: 'dropped' })
  const isGood = holds(candidate.matrix) && candidate.objections.length === 0
  return isGood || !run.gateway.hasKey ? judged(run, base, start, candidate) : undefined
}

/**
 * A session that ended for want of a key alone goes on where it stopped: what was installed and measured stands in its
 * log, and only the agent's part is left.
 */
export async function resumePipeline(run: Run, events: readonly Event[]): Promise<Ending> {
  const found = events.findLast((event) => event.type === 'matrix.made')?.matrix
  const plan = events.findLast((event) => event.type === 'update.planned')
  // Other tasks ask for the key before anything else.
  if (found === undefined || plan === undefined) return runPipeline(run)
  const base = await onToolsOf(run, await packaged(run), events)
  const start = await startAgain(run, base, events)
  const context = await repairContext(run, base, { plan }, start.update)
  return repaired(run, base, { ...start, found }, { update: { plan }, context })
}

/** The agent's attempts, and what comes after them. */
async function repaired(
  run: Run,
  base: Packaged,
  start: Start,
  known: Parameters<typeof attempts>[3],
): Promise<Ending> {
  const { candidate, outcome, reason } = await attempts(run, base, start, known)
  if (candidate === undefined || outcome !== 'green') {
    return { outcome: outcome === 'green' ? 'verification-failed' : outcome, reason }
  }
  return judged(run, base, start, await minimised(run, base, start, candidate))
}

async function upToDate(base: Packaged, task: Run['task']): Promise<Ending> {
  return { outcome: 'up-to-date', reason: await upToDateReason(base, task) }
}

/** Nothing that was measured is worse: no agent is needed, unless a person asked for more than that. */
function settles({ earlier }: Run, { matrix }: Candidate): boolean {
  return holds(matrix) && (!matrix.verified || (earlier?.said ?? '') === '')
}

/** The first two runs of the matrix; what does not depend on each other goes on side by side. */
async function startOf(run: Run, base: Packaged): Promise<{ start: Start; update?: Update } | undefined> {
  const { task } = run
  const { project } = base
  const installed = async (run: Run): Promise<Prepared> =>
    base.known.prepared ?? (await preparedBase(run, base))
  if (task.kind !== 'dependency-update') {
    const place = await installed(run)
    const report = await baseline(run, base, place)
    return { start: { tree: place.tree, prepared: place, base: report, update: report, asked: [] } }
  }
  const resolved = project.lockfile !== undefined || base.ecosystem.lockless === true
  const [place, update] = resolved
    ? await together(run, installed, (run, place) => updated(run, task, base, place))
    : await afterwards(run, base, task, await installed(run))
  if (update === undefined) return undefined
  const wish = {
    ...{ role: 'update' as const, tree: update.tree, lock: update.lock },
    project: withPeersOf(project, place),
    seed: place.workspace,
  }
  const [report, after] = await together(
    run,
    (run) => baseline(run, base, place),
    (run) => prepared(run, base, wish),
  )
  const [second] = await together(
    run,
    (run) => checked(run, base, { role: 'update', prepared: after }),
    (run) =>
      Promise.all([
        arrived(run, base, task, { update, before: place, after }),
        tellUpdate(run, base, task, { update, before: place, after }),
      ]),
  )
  const asked = update.patch.files.map(({ path }) => path)
  const start = { tree: update.tree, prepared: after, base: report, update: second, asked }
  const from = { baseTree: place.tree, ...(place.lock === undefined ? {} : { baseLock: place.lock }) }
  return {
    start: { ...start, ...from, notices: [...base.notices, ...place.notices, ...update.said] },
    update,
  }
}

/** A project without a lock file is resolved once, by the base's install; the update starts from that. */
async function afterwards(
  run: Run,
  base: Packaged,
  task: DependencyUpdate,
  place: Prepared,
): Promise<[Prepared, Update | undefined]> {
  return [place, await updated(run, task, base, Promise.resolve(place))]
}

/** The last word before a person's: the judge's, where there is one to ask. */
async function judged(run: Run, base: Packaged, start: Start, candidate: Candidate): Promise<Ending> {
  const { matrix } = candidate
  const warnings = raise(run, candidate.warnings)
  const verdict = await verdictOn(run, base, start, candidate, warnings)
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
