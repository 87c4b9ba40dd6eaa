import { Label, type Matrix, type MatrixTest, type Report } from '../../contract/report.ts'
import { type Aligned, alignRuns, isFile, labelOf, outcomeIn, type Runs } from './labels.ts'
import { cutShort, stepOk, stepRows } from './steps.ts'

function rowOf(id: string, label: Label, runs: Aligned): MatrixTest {
  const file = runs.base.get(id)?.file ?? runs.final.get(id)?.file
  const outcomes = {
    base: runs.base.get(id)?.outcome,
    update: outcomeIn(runs.update, id, file),
    repair: outcomeIn(runs.repair, id, file),
  }
  const known = Object.entries(outcomes).filter(([, outcome]) => outcome !== undefined)
  return { id, label, ...Object.fromEntries(known) }
}

function rowsOf(runs: Aligned): MatrixTest[] {
  const ids = new Set([...runs.base.keys(), ...runs.final.keys()])
  return [...ids].flatMap((id) => {
    const label = labelOf(id, runs)
    return label === undefined ? [] : [rowOf(id, label, runs)]
  })
}

function countsOf(rows: readonly MatrixTest[]): Matrix['counts'] {
  const counts = Object.fromEntries(Label.options.map((label) => [label, 0])) as Matrix['counts']
  for (const { label } of rows) counts[label] += 1
  return counts
}

/** Whether a test keeps the last run from being green. */
function blocks(row: MatrixTest, runs: Aligned): boolean {
  switch (row.label) {
    case 'broken':
    case 'regressed':
      return true
    case 'new':
      return runs.final.get(row.id)?.outcome === 'failed'
    case 'not run':
      return row.base === 'passed'
    case 'removed':
      // Gone from a file that runs: a failing test must not be healed by leaving it out.
      return (
        row.base === 'passed' && runs.repair !== undefined && runs.update?.get(row.id)?.outcome === 'failed'
      )
    default:
      return false
  }
}

const named = 3

function quote(rows: readonly MatrixTest[]): string {
  const names = rows.slice(0, named).map(({ id }) => id)
  return rows.length > named ? `${names.join('; ')} and ${rows.length - named} more` : names.join('; ')
}

function testReasons(rows: readonly MatrixTest[], runs: Aligned): string[] {
  const blocking = rows.filter((row) => blocks(row, runs))
  return Label.options.flatMap((label) => {
    const some = blocking.filter((row) => row.label === label)
    const said = label === 'new' ? 'new and failing' : label
    return some.length === 0
      ? []
      : [`${some.length} test${some.length === 1 ? '' : 's'} ${said}: ${quote(some)}.`]
  })
}

/** A failing test command is excused where every failing test is, and the base's failed as well or tests explain it. */
function testStepReasons(base: Report, last: Report, rows: readonly MatrixTest[], runs: Aligned): string[] {
  if (stepOk(last, 'test') !== false) return []
  if (cutShort(last, 'test'))
    return ['The test command was ended from outside: time-out, memory or a signal.']
  const byName = base.testsNamed && last.testsNamed
  if (!byName) return ['The test command failed, and its tests could not be named.']
  const failing = rows.filter(({ id }) => runs.final.get(id)?.outcome === 'failed')
  if (failing.some((row) => blocks(row, runs))) return []
  if (failing.length > 0 || stepOk(base, 'test') === false) return []
  return ['The test command failed, although no test did.']
}

function stepReasons(base: Report, last: Report): string[] {
  return (['install', 'build', 'lint'] as const).flatMap((name) => {
    const before = stepOk(base, name)
    const after = stepOk(last, name)
    if (after === false && before !== false) return [`The ${name} fails.`]
    return before === true && after === undefined ? [`The ${name} was not run.`] : []
  })
}

/** Why nothing can be concluded; empty where the matrix is a proof. */
function doubts(base: Report, last: Report, runs: Aligned): string[] {
  const reasons: string[] = []
  if (base.setupError !== undefined) reasons.push(`The base could not be run: ${base.setupError}`)
  if (last !== base && last.setupError !== undefined)
    reasons.push(`The change could not be run: ${last.setupError}`)
  if (stepOk(base, 'build') === false) reasons.push('The base does not build.')
  if (reasons.length > 0) return reasons
  if (stepOk(base, 'test') === undefined) return ['The project has no test command.']
  if (!base.testsNamed) {
    if (stepOk(base, 'test') === false) return ['The tests of the base fail and could not be named.']
    return stepOk(last, 'test') === undefined ? ['The tests were not run on the change.'] : []
  }
  const passed = [...runs.base.values()].filter(({ outcome }) => outcome === 'passed')
  if (passed.length === 0) return ['No test passes on the base.']
  const again = passed.some(({ id }) => ['passed', 'failed'].includes(runs.final.get(id)?.outcome ?? ''))
  return again ? [] : ['No test that passed on the base ran again on the change.']
}

/** Said although it does not block. */
function remarks(base: Report, last: Report): string[] {
  if (stepOk(base, 'test') === undefined) return []
  if (!base.testsNamed || !last.testsNamed) {
    return ['No reporter named the tests: only exit codes were compared.']
  }
  const unexplained =
    stepOk(base, 'test') === false && base.tests.every(({ outcome }) => outcome !== 'failed')
  return unexplained
    ? ['The test command fails on the base although no test does: tests were compared by name.']
    : []
}

/**
 * The three-run matrix: one label a test, and what the last run proves. `green` implies `verified`; `reasons` says what
 * is missing for either, and what was compared by exit codes alone.
 */
export function matrix(input: Runs): Matrix {
  const runs = alignRuns(input)
  const last = input.repair ?? input.update ?? input.base
  const rows = rowsOf(runs)
  const unproven = doubts(input.base, last, runs)
  const red =
    last.setupError === undefined
      ? [
          ...stepReasons(input.base, last),
          ...testStepReasons(input.base, last, rows, runs),
          ...testReasons(rows, runs),
        ]
      : []
  return {
    counts: countsOf(rows),
    tests: rows.filter(({ label }) => label !== 'passing'),
    steps: stepRows(input.base, input.update, input.repair),
    green: unproven.length === 0 && red.length === 0,
    verified: unproven.length === 0,
    reasons: [...unproven, ...red, ...remarks(input.base, last)],
  }
}

/** Tests that the last run failed although an earlier one passed them: those a rerun can show to be flaky. */
export function flakeCandidates(input: Runs): readonly { readonly id: string; readonly file?: string }[] {
  const last = input.repair ?? input.update ?? input.base
  // Without the build of before, the tests do not run what they did.
  if (stepOk(input.base, 'build') === true && stepOk(last, 'build') === false) return []
  const runs = alignRuns(input)
  return [...runs.final.values()]
    .filter((test) => test.outcome === 'failed' && !isFile(test))
    .filter(({ id }) => [runs.base, runs.update].some((run) => run?.get(id)?.outcome === 'passed'))
    .map(({ id, file }) => ({ id, ...(file === undefined ? {} : { file }) }))
}

/** More tests than this do not flake at once: they are broken, and running them again is a waste. */
const mostFlaky = 20

/**
 * Runs the tree again, at most `times`, until every candidate has passed once; those that have are flaky. Candidates
 * that never pass are broken.
 */
export async function findFlaky(
  candidates: ReturnType<typeof flakeCandidates>,
  rerun: (testFiles: readonly string[]) => Promise<Report>,
  times: number,
): Promise<ReadonlySet<string>> {
  const flaky = new Set<string>()
  if (candidates.length > mostFlaky) return flaky
  for (let round = 0; round < times && flaky.size < candidates.length; round += 1) {
    const open = candidates.filter(({ id }) => !flaky.has(id))
    const files = [...new Set(open.flatMap(({ file }) => (file === undefined ? [] : [file])))]
    const report = await rerun(files)
    const passed = new Set(report.tests.filter(({ outcome }) => outcome === 'passed').map(({ id }) => id))
    for (const { id } of open) if (passed.has(id)) flaky.add(id)
  }
  return flaky
}
