import type { Event } from '../../contract/events.ts'
import { DrydockError } from '../../contract/failure.ts'
import type { Report } from '../../contract/report.ts'
import type { UpdatePlan } from '../ecosystems/plan.ts'
import type { Run } from '../run.ts'
import { outcomeOf } from '../verify/steps.ts'
import { hasFailures } from '../verify/twice.ts'
import { measureBase } from './baseline.ts'
import { prepareBase } from './besides.ts'
import { emitReport } from './check.ts'
import { planUpdateOf } from './makeUpdate.ts'
import type { Packaged } from './packageBase.ts'

/**
 * The base on the tools that the new version asks for, where the repository names none and the guessed ones are older:
 * it must lose nothing by them that it has on its own, else it stays where it was and the plan's warning says so.
 */
export async function moveToNewerTools(
  run: Run,
  own: Packaged,
  plan: UpdatePlan | undefined,
): Promise<Packaged> {
  if (plan?.newerTools === undefined) return own
  const newer = movedTo(own, plan.newerTools)
  run.log.emit({ type: 'warning.raised', warning: plan.newerTools.trying })
  const there = await reportOn(run, newer)
  if (there === undefined) return own
  // Where all passes there is nothing that the own tools could do better.
  if (there.setupError !== undefined || hasFailures(there)) {
    const here = await reportOn(run, own)
    if (here !== undefined && loses(here, there)) return own
    emitReport(run, there)
  }
  run.log.emit({ type: 'warning.raised', warning: plan.newerTools.warning })
  return newer
}

/** The same base as a session's log says that it was taken. */
export function moveToToolsOf(run: Run, own: Packaged, events: readonly Event[]): Promise<Packaged> {
  const to = events.findLast((event) => event.type === 'update.planned')?.to
  const raised = events.flatMap((event) => (event.type === 'warning.raised' ? event.warning.code : []))
  return moveToToolsFor(run, own, to, raised)
}

/** The same, by the version that was resolved and the codes of the warnings. */
export async function moveToToolsFor(
  run: Run,
  own: Packaged,
  to: string | undefined,
  raised: readonly string[],
): Promise<Packaged> {
  const { task } = run
  const isMoved = raised.some((code) => code.startsWith('newer-tools:'))
  if (task.kind !== 'dependency-update' || to === undefined || !isMoved) return own
  const plan = await planUpdateOf(run, { ...task, requested: to }, own)
  return plan?.newerTools === undefined ? own : movedTo(own, plan.newerTools)
}

function movedTo(own: Packaged, { project, warning }: NonNullable<UpdatePlan['newerTools']>): Packaged {
  return {
    ...own,
    project,
    known: { files: new Set() },
    refilled: new Map(),
    notices: [...own.notices, warning],
  }
}

/** What the base comes to there; undefined where it cannot be installed. */
async function reportOn(run: Run, base: Packaged): Promise<Report | undefined> {
  try {
    return await measureBase(run, base, base.known.prepared ?? (await prepareBase(run, base)))
  } catch (error) {
    if (run.signal.aborted || !(error instanceof DrydockError) || error.failure.code !== 'install-failed')
      throw error
    return undefined
  }
}

/** Whether a command or a test that passes in one does not in the other; how something fails in both is no loss. */
function loses(before: Report, after: Report): boolean {
  const steps = after.steps.filter((step) => outcomeOf(step) === 'passed').map(({ command }) => command)
  const tests = new Set(after.tests.filter(({ outcome }) => outcome === 'passed').map(({ id }) => id))
  return (
    before.steps.some((step) => outcomeOf(step) === 'passed' && !steps.includes(step.command)) ||
    before.tests.some(({ id, outcome }) => outcome === 'passed' && !tests.has(id))
  )
}
