import type { MatrixTest, Proof, Report } from '../../contract/report.ts'
import type { Aligned } from './labels.ts'
import { type LabelledStep, ranNothing, type StepContext } from './stepLabels.ts'
import { outcomeOf } from './steps.ts'

/** What the last run rests on, in phrases. */
export interface Proven {
  readonly proof: Proof
  readonly proven: string[]
  readonly notProven: string[]
}

interface Measured {
  readonly context: StepContext
  readonly runs: Aligned
  readonly rows: readonly MatrixTest[]
  readonly steps: readonly LabelledStep[]
}

/** `1 test`, `2 tests`. */
export function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`
}

/** Commands without the tests that say more than they do. */
function isStep({ runs }: LabelledStep, { base, tests }: StepContext): boolean {
  return !(runs.name === 'test' && tests.named) && !ranNothing(runs.base, base) && !runs.syntaxOnly
}

function proofOf({ context, runs, steps }: Measured): Proof {
  const { base, last } = context
  if (base.setupError !== undefined || last.setupError !== undefined) return 'none'
  const named = [...runs.base.values()].some(
    ({ id, outcome }) =>
      outcome === 'passed' && ['passed', 'failed'].includes(runs.final.get(id)?.outcome ?? ''),
  )
  const counted = steps.some(({ runs: { base, last } }) => {
    const { passed = 0, failed = 0 } = last?.counts ?? {}
    return (base?.counts?.passed ?? 0) > 0 && passed + failed > 0
  })
  if (named || counted) return 'tests'
  const again = steps.some(
    (step) => isStep(step, context) && outcomeOf(step.runs.base) === 'passed' && step.runs.last !== undefined,
  )
  return again ? 'steps' : 'none'
}

function commandText({ runs }: LabelledStep, all: readonly LabelledStep[]): string {
  const { name, command, derived } = runs
  const title = name === 'test' ? 'the test command' : `the ${name}`
  const alone = all.filter((other) => other.runs.name === name).length === 1
  return alone && !derived ? title : `${title} (${command}${derived ? ', derived' : ''})`
}

function provenOf({ context, rows, steps, runs }: Measured): string[] {
  const repaired = rows.filter(({ label }) => label === 'repaired').length
  const passing = rows.filter(({ label, base }) => label === 'passing' && base === 'passed').length
  const shown = (label: 'repaired' | 'passing'): string[] =>
    steps
      .filter(
        (step) => step.label === label && isStep(step, context) && outcomeOf(step.runs.last) === 'passed',
      )
      .map((step) => `${commandText(step, steps)}${countText(step)}`)
  const fixed = [...shown('repaired'), ...(repaired > 0 ? [count(repaired, 'test')] : [])]
  const same = [...shown('passing'), ...(passing > 0 && runs.base.size > 0 ? [count(passing, 'test')] : [])]
  return [
    ...(fixed.length === 0 ? [] : [`repaired: ${fixed.join(', ')}`]),
    ...(same.length === 0 ? [] : [`as before: ${same.join(', ')}`]),
  ]
}

function countText({ runs: { last } }: LabelledStep): string {
  return last?.counts === undefined ? '' : ` (${count(last.counts.passed, 'test')})`
}

/** What one command cannot show. */
function gapsOf(step: LabelledStep, { context, steps }: Measured): string[] {
  const { base, last } = context
  const { runs, label } = step
  const text = commandText(step, steps)
  if (outcomeOf(runs.base) === 'ended') return [`${text} ${endOnBase(runs.base)} on the base`]
  if (ranNothing(runs.base, base) || (runs.base === undefined && ranNothing(runs.last, last)))
    return [`${text} runs no test`]
  if (runs.syntaxOnly) return [`only the syntax of its own files was read (${runs.command})`]
  if (label === 'already failing') return [`${text} fails on the base as well, in the same way`]
  if (label === 'flaky') return [`${text} fails and passes by turns`]
  const bare = runs.name === 'test' && !base.testsNamed && runs.base !== undefined
  if (!bare) return []
  if (runs.base?.counts !== undefined)
    return [`the tests of ${runs.command} have no names: they were counted`]
  return [`the tests of ${runs.command} have no names: only its exit code was compared`]
}

function endOnBase(step: Report['steps'][number] | undefined): string {
  if (step?.timedOut === true) return 'did not end in time'
  return step?.outOfMemory === true ? 'ran out of memory' : 'was ended from outside'
}

function notProvenOf(measured: Measured): string[] {
  const { context, rows, runs, steps } = measured
  const { base, last, tests, touchesTests } = context
  const noTests = !steps.some(({ runs: { name } }) => name === 'test')
  const parts = [...new Set([...(base.unnamed ?? []), ...(last.unnamed ?? [])])]
  const failing = rows.filter(({ label }) => label === 'already failing').length
  const passes = [...runs.base.values()].some(({ outcome }) => outcome === 'passed')
  const fewer = steps.some(
    ({ runs: { base: was, last: is } }) =>
      was?.counts !== undefined &&
      is?.counts !== undefined &&
      was.counts.passed + was.counts.failed > is.counts.passed + is.counts.failed,
  )
  return [
    ...(noTests ? ['this project has no tests'] : []),
    ...steps.flatMap((step) => gapsOf(step, measured)),
    ...(tests.named && runs.base.size > 0 && !passes ? ['no test passes on the base'] : []),
    ...(failing === 0
      ? []
      : [`${count(failing, 'test')} ${failing === 1 ? 'fails' : 'fail'} on the base as well`]),
    ...(parts.length === 0 ? [] : [`tests of ${parts.join(', ')} have no names`]),
    ...(fewer && touchesTests ? ['fewer tests ran, and the change touches tests'] : []),
  ]
}

export function provenBy(measured: Measured): Proven {
  const { base, last } = measured.context
  const proof = proofOf(measured)
  if (base.setupError !== undefined || last.setupError !== undefined)
    return { proof, proven: [], notProven: [] }
  return { proof, proven: provenOf(measured), notProven: notProvenOf(measured) }
}
