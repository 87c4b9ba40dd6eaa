import type { Warning } from '../../contract/verdict.ts'
import { type Decision, decide } from '../verify/kit/decide.ts'
import type { Tried } from '../verify/kit/oneByOne.ts'
import { type KitUnit, together, treeWithout } from '../verify/kit/units.ts'
import { kitWarnings } from '../verify/kit/warnings.ts'
import { checkTree } from './check.ts'
import { inStage } from './inStage.ts'
import { isSame, type Passing, runEachAlone, runsFor, runWithout, unitsOf } from './putBack.ts'
import type { Work } from './start.ts'

/** What the base's tests, configuration and scripts say of a change. */
export interface SecondCheck {
  readonly warnings: readonly Warning[]
  /** What the runs say of failures that nothing excuses; empty where there is none. */
  readonly failures: readonly string[]
}

const everything = "The base's tests, configuration and scripts"

/**
 * The second half of the final check: the change with the base's tests, configuration and scripts laid over. Where that
 * differs, each of them is put back alone. Undefined where the change touches none.
 */
export async function checkWithBaseTests(work: Work, change: Passing): Promise<SecondCheck | undefined> {
  const { run, base } = work
  const units = await unitsOf(run, base, change)
  if (units.length === 0) return undefined
  const overlay = await checkTree(run, base, {
    role: 'overlay',
    prepared: change.prepared,
    tree: await treeWithout(run.repository, change.tree, units),
    ...(change.attempt === undefined ? {} : { attempt: change.attempt }),
  })
  const runs = await runsFor(work, change, overlay)
  if (isSame(runs)) return { warnings: [], failures: [] }
  const [only] = units
  if (units.length === 1 && only !== undefined) return settle([{ unit: only, runs }], change)
  // A workspace that is full for all of them is for one as well.
  if (overlay.setupError !== undefined) return settle([{ unit: together(units, everything), runs }], change)
  const stage = { stage: 'verify' as const, role: 'overlay' as const, attempt: change.attempt }
  return inStage(
    run,
    stage,
    async (progress) => settle(await runEachAlone({ ...work, change, progress }, units, runs), change),
    ({ warnings }) => ({ detail: `${units.length} put back one by one, ${warnings.length} to acknowledge` }),
  )
}

function settle(tried: readonly Tried[], { report }: Passing): SecondCheck {
  const decided = tried.map(({ unit, runs }) => ({ unit, runs, decision: decide(unit, runs) }))
  return {
    warnings: decided.flatMap(({ unit, runs, decision }) =>
      kitWarnings(unit, decision, runs.back.report, report),
    ),
    failures: decided.flatMap(({ unit, decision }) => failuresOf(unit, decision)),
  }
}

function failuresOf(unit: KitUnit, decision: Decision): string[] {
  return decision.kind === 'objection'
    ? [`${unit.said}: ${decision.what.join('; ')}.`, ...decision.failures]
    : []
}

/** Units that the agent's own check puts back one by one; of more it looks at all of them together. */
const mostAdvised = 3
const adviceChars = 4_000

/** The same for a change of the agent's that passes as it is, told in a few lines; it decides nothing. */
export async function adviseOnTests(
  work: Work,
  change: Passing,
): Promise<{ readonly ok: boolean; readonly text: string }> {
  const { run, base } = work
  const units = await unitsOf(run, base, change)
  if (units.length === 0) return { ok: true, text: '' }
  return inStage(
    run,
    { stage: 'verify', role: 'advisory', attempt: change.attempt },
    async (progress) => {
      const looking = { ...work, change, progress }
      progress("with the base's tests, configuration and scripts")
      const runs = await runsFor(work, change, await runWithout(looking, units, []))
      if (isSame(runs)) return { ok: true, text: '' }
      const [only] = units
      const exact = units.length > 1 && units.length <= mostAdvised
      const tried = exact
        ? await runEachAlone(looking, units, runs)
        : [{ unit: units.length === 1 && only !== undefined ? only : together(units, everything), runs }]
      const found = settle(tried, change)
      const rest = units.length > mostAdvised ? ['The final check puts each of them back alone.'] : []
      return { ok: found.failures.length === 0, text: [advised(found), ...rest].join('\n\n') }
    },
    ({ ok }) => ({ detail: ok ? "the base's own excused" : "the base's own fail" }),
  )
}

function advised({ warnings, failures }: SecondCheck): string {
  if (failures.length === 0) {
    const said = warnings.map(({ message }) => `- ${message}`).join('\n')
    return `A person will be asked about what had to change of tests, configuration or scripts:\n${said}`
  }
  return [
    "But not with the base's own tests, configuration and scripts put back. What fails then:",
    failures.join('\n').slice(0, adviceChars),
    'Leave them as they were wherever the code can be made to work with them. Where the new version leaves no other way, end and say so: a person decides.',
  ].join('\n\n')
}
