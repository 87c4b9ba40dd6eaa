import type { Label, Report, TestOutcome, TestResult } from '../../contract/report.ts'
import { isFile } from './testFile.ts'
import { pairUnstable, unstableTests, withChance } from './unstable.ts'

/** Runs of the matrix: the last that is present is the one the session is judged by. */
export interface Runs {
  readonly base: Report
  readonly update?: Report | undefined
  readonly repair?: Report | undefined
  /** Ids that failed and passed in runs of the same tree. */
  readonly flaky?: ReadonlySet<string> | undefined
  /** The base once more, where there was reason to look twice. */
  readonly again?: Report | undefined
  /** The last run's change adds, edits or removes tests: that fewer of them ran may be its doing. */
  readonly touchesTests?: boolean | undefined
}

export type Tests = ReadonlyMap<string, TestResult>

/** The runs' tests by the base's ids. */
export interface Aligned {
  readonly base: Tests
  readonly update: Tests | undefined
  readonly repair: Tests | undefined
  readonly final: Tests
  readonly flaky: ReadonlySet<string>
  /** Failed and passed in two runs of the base. */
  readonly flakyBase: ReadonlySet<string>
  /** Files of which the last run executed at least one named test. */
  readonly executed: ReadonlySet<string>
  /** Of the base, under names that its second run did not use again. */
  readonly unstable: ReadonlySet<string>
  /** Of those, such as a run of the base itself does without. */
  readonly dispensable: ReadonlySet<string>
}

/** A test's name without its file. */
function nameOf({ id, file }: TestResult): string {
  return file !== undefined && id.startsWith(`${file} › `) ? id.slice(file.length) : id
}

function filesOf(tests: Iterable<TestResult>): ReadonlySet<string> {
  const named = [...tests].filter((test) => !isFile(test))
  return new Set(named.flatMap(({ file }) => (file === undefined ? [] : [file])))
}

function byName(tests: readonly TestResult[]): ReadonlyMap<string, TestResult> {
  const names = new Map<string, TestResult | undefined>()
  for (const test of tests) names.set(nameOf(test), names.has(nameOf(test)) ? undefined : test)
  return new Map([...names].flatMap(([name, test]) => (test === undefined ? [] : [[name, test]])))
}

/**
 * A run's tests under the base's ids: where files are gone, a test of theirs whose name is unique has moved to the one
 * unknown test elsewhere that has it.
 */
function align(base: Tests, unstable: ReadonlySet<string>, report: Report): Tests {
  const tests = new Map(report.tests.map((test) => [test.id, test]))
  const present = filesOf(tests.values())
  const gone = [...base.values()].filter(
    (test) => !tests.has(test.id) && !isFile(test) && test.file !== undefined && !present.has(test.file),
  )
  const pairs = pairUnstable([...base.values()], unstable, report.tests)
  for (const [id, found] of pairs) {
    tests.delete(found.id)
    tests.set(id, { ...found, id })
  }
  const unknown = byName([...tests.values()].filter((test) => !base.has(test.id) && !isFile(test)))
  for (const [name, test] of byName(gone)) {
    const moved = unknown.get(name)
    if (moved === undefined) continue
    tests.delete(moved.id)
    tests.set(test.id, { ...moved, id: test.id })
  }
  return tests
}

export function alignRuns(runs: Runs): Aligned {
  const base = new Map(runs.base.tests.map((test) => [test.id, test]))
  const unstable = [runs.update, runs.repair].reduce<ReadonlySet<string>>(
    (known, run) => (run === undefined ? known : withChance(runs.base.tests, known, run.tests)),
    unstableTests(runs.base, runs.again),
  )
  const update = runs.update && align(base, unstable, runs.update)
  const repair = runs.repair && align(base, unstable, runs.repair)
  const final = repair ?? update ?? base
  const paired = pairUnstable(runs.base.tests, unstable, runs.again?.tests ?? [])
  const dispensable = new Set([...unstable].filter((id) => !paired.has(id)))
  const flaky = runs.flaky ?? new Set()
  const flakyBase = new Set(runs.base.flaky)
  const executed = filesOf(final.values())
  return { base, update, repair, final, flaky, flakyBase, executed, unstable, dispensable }
}

/** What a run has to say of a test: a test of a file that did not load has failed with it. */
export function outcomeIn(tests: Tests | undefined, id: string, file?: string): TestOutcome | undefined {
  const test = tests?.get(id)
  if (test !== undefined) return test.outcome
  const whole = file === undefined ? undefined : tests?.get(file)
  return whole?.outcome === 'failed' ? 'failed' : undefined
}

/** Label of a test that the last run failed although the base did not: whose fault it is. */
function faultOf(id: string, file: string | undefined, { update, repair }: Aligned): Label {
  if (repair === undefined) return 'broken'
  if (update === undefined) return 'regressed'
  const early = outcomeIn(update, id, file)
  return early === 'passed' || (isFile({ id, file }) && early === undefined) ? 'regressed' : 'broken'
}

function labelPassed(id: string, before: TestOutcome | undefined, { update, repair }: Aligned): Label {
  if (before === 'failed') return 'repaired'
  if (before !== 'passed') return 'new'
  return repair !== undefined && update !== undefined && update.get(id)?.outcome !== 'passed'
    ? 'repaired'
    : 'passing'
}

/** The label of a test; undefined where the base and the last run both do not know it. */
export function labelOf(id: string, runs: Aligned): Label | undefined {
  const before = runs.base.get(id)
  const after = runs.final.get(id)
  if (before === undefined && after === undefined) return undefined
  if (runs.flaky.has(id)) return 'flaky'
  if (after === undefined && runs.dispensable.has(id)) return undefined
  const file = before?.file ?? after?.file
  const outcome = outcomeIn(runs.final, id, file)
  if (outcome === 'passed') return runs.flakyBase.has(id) ? 'flaky' : labelPassed(id, before?.outcome, runs)
  if (outcome === 'failed') {
    if (before?.outcome === 'failed') return 'already failing'
    if (before?.outcome === 'passed' || (after !== undefined && isFile(after))) return faultOf(id, file, runs)
    return after === undefined ? 'not run' : 'new'
  }
  if (outcome !== undefined) return 'not run'
  return file !== undefined && !runs.executed.has(file) ? 'not run' : 'removed'
}
