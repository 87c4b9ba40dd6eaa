import type { Outcome } from '../contract/events.ts'
import { failures } from '../contract/failures.ts'
import { attempts } from './pipeline/attempts.ts'
import { type Candidate, raise, type Start, updateCandidate } from './pipeline/candidate.ts'
import { baseline, checked } from './pipeline/check.ts'
import { minimised } from './pipeline/minimised.ts'
import { isNewer, type Packaged, packaged, prepared, updated, withPeersOf } from './pipeline/stages.ts'
import { verdictOn } from './pipeline/verdict.ts'
import type { Run } from './run.ts'
import type { Update } from './update/update.ts'
import { matrix } from './verify/matrix.ts'

/** How a session's work ends; exactly one. */
export interface Ending {
  readonly outcome: Outcome
  readonly reason: string
}

/**
 * The chain of DESIGN.md: package, update, prepare and verify (base, then update), repair where the update broke
 * something, judge. It ends awaiting review, or earlier by a name; publishing is a person's decision and comes later.
 */
export async function runPipeline(run: Run): Promise<Ending> {
  const base = await packaged(run)
  const { task } = run
  if (task.kind === 'dependency-update' && !(await isNewer(run, task, base))) return upToDate
  const made = await startOf(run, base)
  if (made === undefined) return upToDate
  const { start, update } = made
  // Tasks of other kinds have no change before the agent's.
  const first = update === undefined ? undefined : await updateCandidate(run, base, start, update.patch)
  // Where the base itself proves nothing, no repair could be measured against it.
  const measurable = matrix({ base: start.base }).verified
  const settles = first?.matrix.green === true && (run.earlier?.said ?? '') === ''
  if (first !== undefined && (settles || !measurable)) return judged(run, base, first)
  if (!run.gateway.hasKey) throw failures.noKey()
  const { candidate, outcome, reason } = await attempts(run, base, start, update)
  if (candidate === undefined || outcome !== 'green') {
    return { outcome: outcome === 'green' ? 'verification-failed' : outcome, reason }
  }
  return judged(run, base, await minimised(run, base, start, candidate))
}

const upToDate: Ending = { outcome: 'up-to-date', reason: 'The repository already has this version.' }

/** The first two runs of the matrix; what does not depend on each other goes on side by side. */
async function startOf(run: Run, base: Packaged): Promise<{ start: Start; update?: Update } | undefined> {
  const { task } = run
  const { tree } = base.snapshot
  const { project } = base
  const installed = prepared(run, base, { role: 'base', tree, project })
  if (task.kind !== 'dependency-update') {
    const place = await installed
    const report = await baseline(run, base, place)
    return { start: { tree: place.tree, prepared: place, base: report, update: report, asked: [] } }
  }
  // A project without a lock file is resolved once, by the base's install; the update starts from that.
  if (project.lockfile === undefined && base.ecosystem.lockless !== true) await installed
  const [place, update] = await Promise.all([installed, updated(run, task, base, installed)])
  if (update === undefined) return undefined
  const [report, after] = await Promise.all([
    baseline(run, base, place),
    prepared(run, base, {
      ...{ role: 'update', tree: update.tree, lock: update.lock },
      project: withPeersOf(project, place),
    }),
  ])
  const second = await checked(run, base, { role: 'update', prepared: after })
  const asked = update.patch.files.map(({ path }) => path)
  const start = { tree: update.tree, prepared: after, base: report, update: second, asked }
  return {
    start: { ...start, baseTree: place.tree, notices: [...place.notices, ...update.said] },
    update,
  }
}

/** The last word before a person's: the judge's, where there is one to ask. */
async function judged(run: Run, base: Packaged, candidate: Candidate): Promise<Ending> {
  const warnings = raise(run, candidate.warnings)
  const verdict = await verdictOn(run, base, candidate, warnings)
  if (verdict.decision === 'veto') return { outcome: 'vetoed', reason: verdict.summary }
  const verified = candidate.matrix.verified ? '' : ' Not verified.'
  const judgement = verdict.decision === 'not-judged' ? ' Not judged.' : ''
  return { outcome: 'awaiting-review', reason: `Waiting for review.${verified}${judgement}` }
}
