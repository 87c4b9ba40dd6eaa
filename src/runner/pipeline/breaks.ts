import type { Matrix, Report, Step, SummaryFailure } from '../../contract/report.ts'
import { neutralise } from '../../contract/text.ts'
import { type BrokenBy, type FailurePlace, type WhyItBroke, whyRoom } from '../../contract/why.ts'
import { workspacePath } from '../../contract/workspace.ts'

interface Cause {
  readonly step: Step
  readonly code?: string
  readonly message: string
  readonly place: FailurePlace
}

/** What an update alone broke, by cause: what failed before in the same way is none of it. */
export function explainBreaks(report: Report, matrix: Matrix): NonNullable<WhyItBroke['failures']> {
  if (report.setupError !== undefined) return { list: [setup(report.setupError)], more: 0 }
  const labels = new Map(matrix.steps.map(({ command, label }) => [command, label]))
  const failed = report.steps.filter(({ exitCode }) => exitCode !== 0)
  const idsOf = (label: string) => matrix.tests.filter((test) => test.label === label).map(({ id }) => id)
  const [broken, known] = [idsOf('broken'), idsOf('already failing')]
  const silent = untold(report, broken).length > 0
  const causes = failed.flatMap((step) => {
    if (silent && step.name === 'test' && failuresOf(step).length === 0) return []
    const isOld = labels.get(step.command) === 'already failing'
    const isOurs = ({ test }: SummaryFailure) =>
      test === undefined ? !isOld : namedIn(broken, test) || (!isOld && !namedIn(known, test))
    return causesOf(step, isOurs, isOld)
  })
  const all = onceEach(grouped([...causes, ...untold(report, broken)]))
  return { list: all.slice(0, whyRoom.failures), more: Math.max(0, all.length - whyRoom.failures) }
}

function setup(error: string): BrokenBy {
  return { step: 'install', command: '', ...splitCode(error), places: [], more: 0 }
}

/** A log names a test by its title, a report by file, suites and title. */
function namedIn(ids: readonly string[], test: string): boolean {
  return ids.some((id) => id === test || id.endsWith(` › ${test}`) || id.endsWith(test) || test.endsWith(id))
}

function causesOf(
  step: Step,
  isOurs: (failure: SummaryFailure) => boolean,
  isOld: boolean,
): readonly Cause[] {
  const failures = failuresOf(step)
  if (failures.length > 0) {
    return failures.filter(isOurs).map((failure) => {
      const { file, line, test, rule } = failure
      const place = {
        ...(file === undefined ? {} : { file }),
        ...(line === undefined ? {} : { line }),
        ...(test === undefined ? {} : { test }),
      }
      return { step, ...splitCode(failure.message, rule), place }
    })
  }
  if (isOld) return []
  const message = step.timedOut
    ? 'It did not end in time.'
    : step.outOfMemory
      ? 'It ran out of memory.'
      : `It ended with ${step.exitCode ?? 'a signal'}, and nothing in its output says why.`
  return [{ step, message, place: {} }]
}

function failuresOf({ summary }: Step): readonly SummaryFailure[] {
  return summary?.failures ?? []
}

/** Broken tests as they say it themselves, where no log of a test command says anything. */
function untold({ steps, tests }: Report, broken: readonly string[]): readonly Cause[] {
  const runs = steps.filter(({ name }) => name === 'test')
  const [step] = runs
  if (step === undefined || runs.some((run) => failuresOf(run).length > 0)) return []
  return tests
    .filter(({ id, message }) => message !== undefined && broken.includes(id))
    .map(({ id, file, message = '' }) => {
      return { step, ...splitCode(message), place: { ...(file === undefined ? {} : { file }), test: id } }
    })
}

const inBrackets = /^(?:Uncaught )?(\w*Error) \[([A-Z][A-Z0-9_]+)\]: ?/
const atStart = /^(?:error )?((?:ERR_[A-Z0-9_]+|TS\d{4,5}|E[A-Z]{3,}[A-Z0-9_]*|MODULE_NOT_FOUND)): ?/

/** A message with its code taken out of it. */
export function splitCode(text: string, rule?: string): { readonly code?: string; readonly message: string } {
  const message = neutralise(text).replaceAll(`${workspacePath}/`, '').trim().slice(0, whyRoom.message)
  const found = inBrackets.exec(message)
  if (found?.[2] !== undefined) return { code: found[2], message: message.slice(found[0].length) }
  const first = atStart.exec(message)
  if (first?.[1] !== undefined) return { code: first[1], message: message.slice(first[0].length) }
  if (rule === undefined) return { message }
  const own = `${rule}: `
  return { code: rule, message: message.startsWith(own) ? message.slice(own.length) : message }
}

/** What an earlier command told of these very lines is not told again: a compiler that the tests run as well. */
function onceEach(all: readonly BrokenBy[]): readonly BrokenBy[] {
  return all.filter((cause, at) => !all.slice(0, at).some((earlier) => tells(earlier, cause)))
}

function tells(earlier: BrokenBy, { command, code, message, places, more }: BrokenBy): boolean {
  if (earlier.command === command || earlier.code !== code || earlier.message !== message) return false
  const known = new Set(earlier.places.map(({ file, line }) => `${file}:${line}`))
  const isTold = ({ file, line, test }: FailurePlace) => test === undefined && known.has(`${file}:${line}`)
  const isPlaced = places.length > 0 || earlier.places.length > 0
  return more === 0 && (!isPlaced || (places.length > 0 && places.every(isTold)))
}

/** In the order in which the causes came up; each with the places that it shows at. */
function grouped(causes: readonly Cause[]): readonly BrokenBy[] {
  const groups = new Map<string, { readonly first: Cause; readonly places: Map<string, FailurePlace> }>()
  for (const cause of causes) {
    const key = JSON.stringify([cause.step.command, cause.code, cause.message])
    const group = groups.get(key) ?? { first: cause, places: new Map() }
    if (Object.keys(cause.place).length > 0) group.places.set(JSON.stringify(cause.place), cause.place)
    groups.set(key, group)
  }
  return [...groups.values()].map(({ first: { step, code, message }, places }) => ({
    step: step.name,
    command: step.command,
    ...(code === undefined ? {} : { code }),
    message,
    places: [...places.values()].slice(0, whyRoom.places),
    more: Math.max(0, places.size - whyRoom.places),
  }))
}
