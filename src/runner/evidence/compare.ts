import type { Compared, ComparedRun } from '../../contract/evidence.ts'
import type { Matrix, Report, Step } from '../../contract/report.ts'
import { type Bundle, type BundledRole, bundledRoles } from './value.ts'

/** The same runs, made again. */
export interface Remeasured {
  readonly reports: Readonly<Partial<Record<BundledRole, Report>>>
  readonly matrix: Matrix
}

export interface Comparison {
  readonly same: boolean
  readonly runs: readonly ComparedRun[]
  readonly labels: readonly Compared[]
}

const missing = 'not there'

/** Test by test and command by command; what is known to come and go does not count. */
export function compare(bundle: Bundle, now: Remeasured): Comparison {
  const unsteady = unsteadyOf(bundle, now)
  const roles = bundledRoles.filter((role) => role !== 'overlay' && bundle.reports[role] !== undefined)
  const runs = roles.map((role) => compareRun(role, bundle.reports[role], now.reports[role], unsteady))
  const labels = differences(labelsOf(bundle.matrix), labelsOf(now.matrix), unsteady).differing
  const earnest = [...runs.flatMap(({ differing }) => differing), ...labels].filter((one) => !one.unsteady)
  return { same: earnest.length === 0, runs, labels }
}

function unsteadyOf({ reports, matrix }: Bundle, now: Remeasured): ReadonlySet<string> {
  const flaky = [...Object.values(reports), ...Object.values(now.reports)].flatMap(({ flaky = [] }) => flaky)
  const both = [matrix, now.matrix]
  const labelled = both.flatMap(({ tests }) => tests.filter(({ label }) => label === 'flaky'))
  const unstable = both.flatMap((one) => one.unstable ?? [])
  return new Set([...flaky, ...unstable, ...labelled.map(({ id }) => id)])
}

function compareRun(
  role: BundledRole,
  was: Report | undefined,
  is: Report | undefined,
  unsteady: ReadonlySet<string>,
): ComparedRun {
  return { role, ...differences(resultsOf(was), resultsOf(is), unsteady) }
}

function resultsOf(report: Report | undefined): ReadonlyMap<string, string> {
  if (report === undefined) return new Map()
  const { steps, tests, setupError } = report
  return new Map([
    ...(setupError === undefined ? [] : ([['set-up', setupError]] as const)),
    ...steps.map((step) => [`$ ${step.command}`, resultOf(step)] as const),
    ...tests.map(({ id, outcome }) => [id, outcome] as const),
  ])
}

/** Which number a command failed with may depend on the machine; that it failed does not. */
function resultOf({ exitCode, timedOut, outOfMemory, counts }: Step): string {
  const end =
    exitCode === 0
      ? 'passed'
      : timedOut
        ? 'did not end in time'
        : outOfMemory
          ? 'ran out of memory'
          : exitCode === null
            ? 'was ended'
            : 'failed'
  return counts === undefined ? end : `${end} (${counts.passed} passed, ${counts.failed} failed)`
}

function labelsOf({ tests, steps, green, verified }: Matrix): ReadonlyMap<string, string> {
  return new Map([
    ['the whole', green ? 'green' : verified ? 'not green' : 'not verified'],
    ...steps.map(({ command, name, label }) => [`$ ${command ?? name}`, label ?? 'no label'] as const),
    ...tests.map(({ id, label }) => [id, label] as const),
  ])
}

function differences(
  was: ReadonlyMap<string, string>,
  is: ReadonlyMap<string, string>,
  unsteady: ReadonlySet<string>,
): Pick<ComparedRun, 'same' | 'differing'> {
  const ids = [...new Set([...was.keys(), ...is.keys()])]
  const differing = ids
    .filter((id) => was.get(id) !== is.get(id))
    .map((id) => ({
      id,
      was: was.get(id) ?? missing,
      is: is.get(id) ?? missing,
      unsteady: unsteady.has(id),
    }))
  return { same: ids.length - differing.length, differing }
}
