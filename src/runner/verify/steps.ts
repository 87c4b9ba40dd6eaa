import type { Label, Report, Step, StepName } from '../../contract/report.ts'

const order = ['install', 'build', 'test', 'lint'] as const

/** All of a report's steps of one name as one: a build and a type check are both `build`. */
export function stepsOf(report: Report | undefined, name: StepName): readonly Step[] {
  return report?.steps.filter((step) => step.name === name) ?? []
}

/** Whether all steps of that name exited 0; undefined where there was none. */
export function stepOk(report: Report | undefined, name: StepName): boolean | undefined {
  const steps = stepsOf(report, name)
  return steps.length === 0 ? undefined : steps.every((step) => step.exitCode === 0)
}

/** The step was ended from outside: its exit code says nothing about the code under test. */
export function cutShort(report: Report | undefined, name: StepName): boolean {
  return stepsOf(report, name).some((step) => outcomeOf(step) === 'ended')
}

export type StepOutcome = 'passed' | 'failed' | 'ended'

export function outcomeOf(step: Step): StepOutcome
export function outcomeOf(step: Step | undefined): StepOutcome | undefined
export function outcomeOf(step: Step | undefined): StepOutcome | undefined {
  if (step === undefined) return undefined
  if (step.timedOut || step.outOfMemory || step.exitCode === null) return 'ended'
  return step.exitCode === 0 ? 'passed' : 'failed'
}

/** One command in each run that made it. */
export interface StepRuns {
  readonly name: StepName
  readonly command: string
  readonly derived: boolean
  /** As the newest run says. */
  readonly syntaxOnly: boolean
  readonly base: Step | undefined
  readonly update: Step | undefined
  readonly repair: Step | undefined
  /** Of the run that the session is judged by. */
  readonly last: Step | undefined
}

type Keyed = ReadonlyMap<string, Step>

/** Steps by name and command; the second of two alike is another. */
function keyed(steps: readonly Step[]): Map<string, Step> {
  const made = new Map<string, Step>()
  for (const step of steps) {
    let key = `${step.name}\0${step.command}`
    while (made.has(key)) key += '\0'
    made.set(key, step)
  }
  return made
}

/**
 * A run's steps under the base's keys. A patch may rewrite a script: where as many commands of a name are new as are
 * gone, they take their places in order.
 */
function aligned(base: Keyed, report: Report | undefined): Keyed {
  const own = keyed(report?.steps ?? [])
  for (const name of order) {
    const gone = [...base].filter(([key, step]) => step.name === name && !own.has(key))
    const fresh = [...own].filter(([key, step]) => step.name === name && !base.has(key))
    if (gone.length !== fresh.length) continue
    for (const [at, [key]] of gone.entries()) {
      const [other, step] = fresh[at] ?? []
      if (other === undefined || step === undefined) continue
      own.delete(other)
      own.set(key, step)
    }
  }
  return own
}

/** Every command that the base or the last run made, each with its run in all of them; in the order of the steps. */
export function alignSteps(runs: {
  readonly base: Report
  readonly update?: Report | undefined
  readonly repair?: Report | undefined
}): readonly StepRuns[] {
  const base = keyed(runs.base.steps)
  const update = aligned(base, runs.update)
  const repair = aligned(base, runs.repair)
  const last = runs.repair !== undefined ? repair : runs.update !== undefined ? update : base
  const keys = [...new Set([...base.keys(), ...last.keys()])]
  const rows = keys.flatMap((key) => {
    const step = base.get(key) ?? last.get(key)
    if (step === undefined) return []
    const { name, command, derived } = step
    const of = { base: base.get(key), update: update.get(key), repair: repair.get(key), last: last.get(key) }
    const syntaxOnly = (of.last ?? step).syntaxOnly === true
    return [{ name, command, derived: derived === true, syntaxOnly, ...of }]
  })
  return order.flatMap((name) => rows.filter((row) => row.name === name))
}

/** Whose fault it is that a command which was fine on the base is not any more. */
export function stepFault({ update, repair }: StepRuns): Label {
  return repair !== undefined && outcomeOf(update) === 'passed' ? 'regressed' : 'broken'
}
