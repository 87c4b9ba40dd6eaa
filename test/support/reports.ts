import type { Report, Step, TestOutcome } from '../../src/contract/report.ts'

/** A step as the engine reports it. */
export function step(name: Step['name'], exitCode: number | null = 0, more: Partial<Step> = {}): Step {
  return {
    name,
    command: `npm run ${name}`,
    exitCode,
    timedOut: false,
    outOfMemory: false,
    durationMs: 1,
    log: '0'.repeat(64),
    truncated: false,
    ...more,
  }
}

/** A report of these tests by id; the test step fails where one of them does. */
export function report(tests: Readonly<Record<string, TestOutcome>>, more: Partial<Report> = {}): Report {
  const failed = Object.values(tests).includes('failed')
  const steps = [step('build'), step('test', failed ? 1 : 0)]
  return {
    role: 'base',
    steps,
    tests: Object.entries(tests).map(([id, outcome]) => ({
      id,
      file: id.split(' › ')[0] ?? id,
      outcome,
      durationMs: 1,
    })),
    testsNamed: Object.keys(tests).length > 0,
    ok: (more.steps ?? steps).every(({ exitCode }) => exitCode === 0),
    notes: [],
    ...more,
  }
}
