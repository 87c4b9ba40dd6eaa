import {
  Label,
  type Matrix,
  type MatrixStep,
  type MatrixTest,
  type Proof,
  type Report,
} from '../../contract/report.ts'
import { type Aligned, alignRuns, labelOf, outcomeIn, type Runs } from './labels.ts'
import { provenBy } from './proof.ts'
import { type LabelledStep, labelStep, ranNothing, type StepContext, type TestsFound } from './stepLabels.ts'
import { alignSteps, outcomeOf } from './steps.ts'
import { isFile } from './testFile.ts'

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
  const rows = [...ids].flatMap((id) => {
    const label = labelOf(id, runs)
    return label === undefined ? [] : [rowOf(id, label, runs)]
  })
  return withoutFiles(rows, runs)
}

/** A file that the base loaded is no test where its own tests say the same: each of them failed with it. */
function withoutFiles(rows: readonly MatrixTest[], runs: Aligned): MatrixTest[] {
  const fileOf = (id: string): string | undefined => runs.base.get(id)?.file ?? runs.final.get(id)?.file
  const said = new Set(rows.flatMap(({ id, label }) => (fileOf(id) === id ? [] : [`${label} ${fileOf(id)}`])))
  return rows.filter(({ id, label }) => runs.base.has(id) || fileOf(id) !== id || !said.has(`${label} ${id}`))
}

function countsOf(rows: readonly MatrixTest[]): Matrix['counts'] {
  const counts = Object.fromEntries(Label.options.map((label) => [label, 0])) as Matrix['counts']
  for (const { label } of rows) counts[label] += 1
  return counts
}

/** Whether a test keeps the last run from being green; `touches`: the change touches tests. */
function blocks(row: MatrixTest, runs: Aligned, touches: boolean): boolean {
  switch (row.label) {
    case 'broken':
    case 'regressed':
      return true
    case 'new':
      return runs.final.get(row.id)?.outcome === 'failed'
    case 'not run':
      return row.base === 'passed'
    case 'removed':
      // Gone from a file that runs: where no test was touched, the code under them lost it; and a failing test must
      // not be healed by leaving it out.
      if (row.base !== 'passed') return false
      return !touches || (runs.repair !== undefined && runs.update?.get(row.id)?.outcome === 'failed')
    default:
      return false
  }
}

const named = 3

function quote(rows: readonly Pick<MatrixTest, 'id'>[]): string {
  const names = rows.slice(0, named).map(({ id }) => id)
  return rows.length > named ? `${names.join('; ')} and ${rows.length - named} more` : names.join('; ')
}

function testReasons(rows: readonly MatrixTest[], runs: Aligned, touches: boolean): string[] {
  const blocking = rows.filter((row) => blocks(row, runs, touches))
  return Label.options.flatMap((label) => {
    const some = blocking.filter((row) => row.label === label)
    const said = label === 'new' ? 'new and failing' : label
    return some.length === 0
      ? []
      : [`${some.length} test${some.length === 1 ? '' : 's'} ${said}: ${quote(some)}.`]
  })
}

/** The lines of `.drydock.json` that an owner can complete where nothing can be measured. */
function ownersLines(base: Report): string {
  const names = new Set(base.steps.map(({ name }) => name).filter((name) => name !== 'install'))
  const commands = Object.fromEntries([...new Set(['build', 'test', ...names])].map((name) => [name, '…']))
  return `Name commands that pass there in .drydock.json, null for none: ${JSON.stringify({ commands })}`
}

/** Why nothing can be concluded; empty where the matrix is a proof. */
function doubts(base: Report, last: Report, proof: Proof): string[] {
  if (base.setupError !== undefined) return [`The base could not be run: ${base.setupError}`]
  if (last.setupError !== undefined) return [`The change could not be run: ${last.setupError}`]
  if (proof !== 'none') return []
  const lines = ownersLines(base)
  if (base.steps.length === 0)
    return [`Nothing can be run on the base: it has no build, no tests and no lint. ${lines}.`]
  const red = base.steps.filter((step) => outcomeOf(step) !== 'passed')
  if (red.length === 0 && base.steps.every((step) => ranNothing(step, base)))
    return [`Nothing was measured on the base: its tests ran nothing, and there is no build. ${lines}.`]
  if (red.length === 0 && base.steps.every((step) => ranNothing(step, base) || step.syntaxOnly === true))
    return [
      `Nothing that an update could break was run: there are no tests and no build, and only the syntax of the project's own files was read. ${lines}.`,
    ]
  if (red.length < base.steps.length) return ['Nothing that passed on the base ran again on the change.']
  const which = red.map(({ command }) => `\`${command}\``).join(', ')
  return [`Nothing passes on the base: ${which} ${red.length === 1 ? 'fails' : 'fail'} there. ${lines}.`]
}

/** Whether there was anything on the base to be worse than. */
function isMeasurable({ setupError, steps }: Report): boolean {
  return setupError === undefined && steps.length > 0
}

/** What the last run has worse than the base, each in a sentence. */
function breaksOf(context: StepContext, steps: readonly LabelledStep[], tests: readonly string[]): string[] {
  const { base, last } = context
  if (!isMeasurable(base)) return []
  if (last.setupError !== undefined) return [`The change could not be run: ${last.setupError}`]
  return [...steps.flatMap(({ breaks }) => (breaks === undefined ? [] : [breaks])), ...tests]
}

function stepRow({ runs, label }: LabelledStep): MatrixStep {
  const { name, command, derived, ...of } = runs
  const ok = { base: of.base, update: of.update, repair: of.repair }
  const known = Object.entries(ok).filter(([, step]) => step !== undefined)
  const results = known.map(([run, step]) => [run, step?.exitCode === 0])
  return { name, command, ...(derived ? { derived: true } : {}), label, ...Object.fromEntries(results) }
}

/**
 * The three-run matrix: one label a test and a command, and what the last run proves. `green` implies `verified`;
 * `breaks` is what was fine on the base and is not any more, whatever else could not be measured.
 */
export function matrix(input: Runs): Matrix {
  const runs = alignRuns(input)
  const { base } = input
  const last = input.repair ?? input.update ?? base
  const rows = rowsOf(runs)
  const touchesTests = input.touchesTests === true
  const said = testReasons(rows, runs, touchesTests)
  const found: TestsFound = {
    named: base.testsNamed && last.testsNamed,
    failing: rows.filter(({ id }) => runs.final.get(id)?.outcome === 'failed'),
    blocking: said.length > 0,
  }
  const context = { base, last, tests: found, touchesTests }
  const steps = alignSteps(input).map((step) => labelStep(step, context))
  const { proof, proven, notProven } = provenBy({ context, runs, rows, steps })
  const breaks = breaksOf(context, steps, said)
  const unproven = doubts(base, last, proof)
  const unstable = [...runs.unstable]
  return {
    counts: countsOf(rows),
    tests: rows.filter(({ label }) => label !== 'passing'),
    steps: steps.map(stepRow),
    green: proof !== 'none' && breaks.length === 0,
    verified: proof !== 'none',
    reasons: [...new Set([...unproven, ...breaks])],
    ...{ proof, breaks, proven },
    notProven: [...notProven, ...unsteady(base, unstable)],
    ...(unstable.length === 0 ? {} : { unstable }),
  }
}

/** Whether nothing that was measured on the base is worse, whatever could not be measured. */
export function holds({ breaks = [] }: Matrix): boolean {
  return breaks.length === 0
}

/** What differs from run to run without any change. */
function unsteady({ flaky = [] }: Report, unstable: readonly string[]): string[] {
  const names = (ids: readonly string[]): string => quote(ids.map((id) => ({ id })))
  return [
    ...(flaky.length === 0 ? [] : [`failed and passed in two runs of the base: ${names(flaky)}`]),
    ...(unstable.length === 0
      ? []
      : [`${unstable.length} tests have other names in each run and were matched by what stays of them`]),
  ]
}

/**
 * Whether tests of the base are missing in files that the last run executed, or with their files while others are new:
 * they may have other names in each run.
 */
export function losesNames(input: Runs): boolean {
  const runs = alignRuns(input)
  if (input.again !== undefined) return false
  const rows = rowsOf(runs)
  const unknown = rows.some(({ id, label }) => label === 'new' && !isWhole(id, runs))
  return unknown && rows.some(({ label }) => label === 'removed' || label === 'not run')
}

function isWhole(id: string, { final }: Aligned): boolean {
  const test = final.get(id)
  return test !== undefined && isFile(test)
}

/** Tests that the last run failed although an earlier one passed them: those a rerun can show to be flaky. */
export function flakeCandidates(input: Runs): readonly { readonly id: string; readonly file?: string }[] {
  // Without the build of before a file may have nothing of it to run, unless some of its tests still pass. What only
  // reads the sources, as a derived check does, builds nothing for them.
  const lost = alignSteps(input).some(
    ({ name, derived, base, last }) =>
      name === 'build' && derived !== true && outcomeOf(base) === 'passed' && outcomeOf(last) !== 'passed',
  )
  const runs = alignRuns(input)
  const last = [...runs.final.values()]
  const ran = new Set(last.flatMap(({ file, outcome }) => (outcome === 'passed' ? [file] : [])))
  return last
    .filter((test) => test.outcome === 'failed' && !isFile(test))
    .filter(({ file }) => !lost || (file !== undefined && ran.has(file)))
    .filter(({ id }) => [runs.base, runs.update].some((run) => run?.get(id)?.outcome === 'passed'))
    .map(({ id, file }) => ({ id, ...(file === undefined ? {} : { file }) }))
}

/** More tests than this do not flake at once: they are broken, and running them again is a waste. */
export const mostFlaky = 20

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
