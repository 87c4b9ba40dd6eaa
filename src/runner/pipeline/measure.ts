import { DrydockError } from '../../contract/failure.ts'
import { failures } from '../../contract/failures.ts'
import type { Report, RunRole } from '../../contract/report.ts'
import type { CheckScope } from '../ecosystems/check.ts'
import type { Prepared } from '../prepare/prepare.ts'
import type { Run } from '../run.ts'
import type { Progress } from '../stage.ts'
import { type VerifyContext, type VerifyRequest, verify } from '../verify/verify.ts'
import type { Packaged } from './packageBase.ts'

export interface CheckWish {
  readonly role: RunRole
  readonly prepared: Prepared
  /** The prepared tree where undefined. */
  readonly tree?: string
  readonly attempt?: number
  readonly scripts?: 'base' | 'patched'
  readonly scope?: CheckScope
}

export function makeVerifyRequest(base: Packaged, wish: CheckWish): VerifyRequest {
  return {
    role: wish.role,
    prepared: wish.prepared,
    project: base.project,
    baseTree: base.snapshot.tree,
    excluded: base.snapshot.excluded,
    ...(wish.tree === undefined ? {} : { patchedTree: wish.tree }),
    ...(wish.scripts === undefined ? {} : { scripts: wish.scripts }),
    ...(wish.scope === undefined ? {} : { scope: wish.scope }),
    ...asOnBase(base, wish.role),
  }
}

export function makeVerifyContext(run: Run, base: Packaged, progress: Progress): VerifyContext {
  const { ecosystem, settings } = base
  const { sandbox, repository, signal } = run
  return { sandbox, repository, ecosystem, artifacts: run.log.artifacts, settings, progress, signal }
}

/**
 * A run that its engine or its memory ended says nothing of the tree: it is made once more, and then that is the result.
 * Throws `engine-lost`, `engine-refused`, and `out-of-memory` where the base had enough.
 */
export async function measureSteadily(
  run: Run,
  base: Packaged,
  wish: VerifyRequest,
  progress: Progress,
): Promise<Report> {
  const once = (): Promise<Report> => verify(makeVerifyContext(run, base, progress), wish)
  const first = await once().catch((error: unknown) => {
    const lost = error instanceof DrydockError && error.failure.code === 'engine-lost'
    if (!lost || run.signal.aborted) throw error
    return undefined
  })
  if (first !== undefined && !isCut(first)) return first
  progress('the run was ended from outside; once more')
  const second = await once()
  const short = second.steps.find(({ outOfMemory }) => outOfMemory)
  if (short === undefined || wish.role === 'base') return second
  const before = base.known.report?.steps.find(({ command }) => command === short.command)
  if (before?.outOfMemory === true) return second
  throw failures.outOfMemory(short.command, base.settings.memoryMb)
}

/** By something other than its own time limit. */
function isCut({ steps }: Report): boolean {
  return steps.some(({ outOfMemory, timedOut, exitCode }) => outOfMemory || (exitCode === null && !timedOut))
}

/** Times that packages found missing are fetched for one check. */
const maxRefills = 5

/** A check whose missing packages are fetched, and which is then made again; later checks begin with them. */
export async function checkRefilling(
  run: Run,
  project: Packaged,
  prepared: Prepared,
  look: (prepared: Prepared) => Promise<Report>,
  refill: (prepared: Prepared) => Promise<Prepared>,
): Promise<Report> {
  let at = project.refilled.get(prepared.key) ?? prepared
  let report = await look(at)
  for (let round = 0; round < maxRefills && (await lacks(run, project, report)); round += 1) {
    const again = await refill(at)
    if (again.key === at.key) break
    at = again
    project.refilled.set(prepared.key, at)
    report = await look(at)
  }
  return report
}

/** Whether packages are missing in the workspace that a check needed. */
async function lacks(run: Run, base: Packaged, report: Report): Promise<boolean> {
  const { ecosystem, view } = base
  if (ecosystem.lacking === undefined) return false
  const failed = report.steps.filter(({ exitCode }) => exitCode !== 0)
  const logs = await Promise.all(failed.map(({ log }) => run.log.artifacts.get(log)))
  return await ecosystem.lacking(view, Buffer.concat(logs).toString('utf8'))
}

/** What the base comes to, for it and for what stands beside it: that one's clock is its own. */
export function remember({ known, besides }: Packaged, report: Report): void {
  known.report = report
  const { clock: _, ...rest } = report
  for (const other of besides) {
    const { clock } = other.known
    other.known.report = clock === undefined ? rest : { ...rest, clock }
  }
}

/** What the base's run decided about the runs after it: which commands are run in parts, and what the tests' clock says. */
function asOnBase(base: Packaged, role: RunRole): Pick<VerifyRequest, 'split' | 'clock' | 'committed'> {
  const { report } = base.known
  if (report === undefined && role === 'base') return { committed: base.committed }
  const { split = [], clock } = report ?? {}
  return { split, ...(clock === undefined ? {} : { clock }) }
}
