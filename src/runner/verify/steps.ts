import type { Matrix, Report, Step, StepName } from '../../contract/report.ts'

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
  return stepsOf(report, name).some((step) => step.timedOut || step.outOfMemory || step.exitCode === null)
}

/** The matrix's row of each step that any run made. */
export function stepRows(base: Report, update?: Report, repair?: Report): Matrix['steps'] {
  return order.flatMap((name) => {
    const row = {
      base: stepOk(base, name),
      update: stepOk(update, name),
      repair: stepOk(repair, name),
    }
    const known = Object.entries(row).filter(([, ok]) => ok !== undefined)
    return known.length === 0 ? [] : [{ name, ...Object.fromEntries(known) }]
  })
}
