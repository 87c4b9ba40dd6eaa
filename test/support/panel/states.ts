import type { EventBody } from '../../../src/contract/events.ts'
import { failures } from '../../../src/contract/failures.ts'
import type { Matrix } from '../../../src/contract/report.ts'
import { matrix as matrixOf } from '../../../src/runner/verify/matrix.ts'
import { goneWarnings, repairWarnings } from '../../../src/runner/verify/reach.ts'
import { patchOf } from '../patches.ts'
import { report } from '../reports.ts'
import { before, repaired } from './files.ts'
import { SessionLog } from './log.ts'
import { matrix, report as reported, running, start, waiting } from './sessions.ts'
import { explained } from './why.ts'

/* Sessions in states that few people see, and none for long. */

const waits = { type: 'session.finished', outcome: 'awaiting-review', reason: 'Waiting for review.' } as const

/** A reviewer left `src/orders.ts` out, and a test fails without it. */
export function droppedRed(id: string): SessionLog {
  const log = waiting(id)
  dropOrders(log)
  return log
}

export function dropOrders(log: SessionLog): void {
  log.stage({ stage: 'verify', role: 'dropped' }, 17_000, {
    status: 'failed',
    within: () => {
      log.patch('reviewer', before, { ...repaired, 'src/orders.ts': before['src/orders.ts'] ?? '' })
      reported(log, 'dropped', 'test')
    },
  })
  matrix(log, false)
  const warning = { code: 'of-the-drop', message: 'Of the drop.', severity: 'acknowledge' } as const
  log.emit({ type: 'warning.raised', warning })
  log.emit({ type: 'verdict.given', verdict: notAsked })
  log.emit(waits)
}

const notAsked = {
  decision: 'not-judged',
  summary: 'The checks are not green, so the judge was not asked.',
  ...{ samples: 0, costUsd: 0 },
} as const

function verifyingAgain(id: string): SessionLog {
  const log = waiting(id)
  log.emit({ type: 'stage.started', stage: 'verify', role: 'dropped' })
  return log
}

function ended(id: string, end: EventBody): SessionLog {
  const log = running(id)
  log.emit(end)
  return log
}

function setupFailed(id: string): SessionLog {
  const log = new SessionLog(id)
  log.stage({ stage: 'queue' }, 120)
  log.stage({ stage: 'preflight' }, 420, { status: 'failed', detail: 'the engine does not answer' })
  const { failure } = failures.engineNotFound('unix:///var/run/docker.sock')
  log.emit({ type: 'session.finished', outcome: 'setup-failed', reason: failure.message, failure })
  return log
}

/** The update breaks the build, and there is no key for an agent that would repair it. */
function needsKey(id: string): SessionLog {
  const log = start(id)
  log.stage({ stage: 'verify', role: 'update' }, 7100, {
    checks: 'failed',
    detail: 'build failed',
    within: () => reported(log, 'update', 'build'),
  })
  const what = '`npm run build` fails, which passes on the base.'
  const { failure } = failures.repairNeedsKey(what)
  log.emit({ type: 'matrix.made', matrix: brokenBuild(what) })
  log.emit({ type: 'session.finished', outcome: 'verification-failed', reason: failure.message, failure })
  return log
}

function brokenBuild(what: string): Matrix {
  const none = { passing: 0, 'already failing': 0, broken: 0, repaired: 0, regressed: 0, flaky: 0 }
  return {
    counts: { ...none, new: 0, removed: 0, 'not run': 0 },
    tests: [],
    steps: [{ name: 'build', command: 'npm run build', label: 'broken', base: true, update: false }],
    ...{ green: false, verified: true, proof: 'tests', breaks: [what], reasons: [what] },
  }
}

function upToDate(id: string): SessionLog {
  const log = new SessionLog(id)
  log.stage({ stage: 'queue' }, 120)
  log.stage({ stage: 'preflight' }, 420, { detail: '14 protections on' })
  log.stage({ stage: 'package' }, 310, { detail: '212 files' })
  log.emit({
    type: 'session.finished',
    outcome: 'up-to-date',
    reason: 'The repository already has this version.',
  })
  return log
}

/** The build broke and is repaired; there is no test that could show more. */
function withoutTests(id: string): SessionLog {
  const log = start(id)
  const runs = (role: 'base' | 'update' | 'repair') => {
    const bad = role === 'update'
    const text = "src/catalogue.ts(14,36): error TS2559: Type 'string' has no properties in common."
    const summary = { category: 'COMPILATION_FAILURE' as const, failures: [], text }
    const build = log.step('build', 'npm run build', bad ? text : '', {
      durationMs: 6400,
      ...(bad ? { exitCode: 2, summary } : {}),
    })
    const types = log.step('build', 'tsc --noEmit -p test', '', { durationMs: 3100, derived: true })
    const steps = [build, types]
    log.emit({
      type: 'report.made',
      report: { role, steps, tests: [], testsNamed: false, ok: !bad, notes: [] },
    })
    return report({}, { role, steps })
  }
  const base = runs('base')
  const update = runs('update')
  log.patch('repair', before, repaired)
  const repair = runs('repair')
  log.emit({ type: 'matrix.made', matrix: matrixOf({ base, update, repair }) })
  log.emit({
    type: 'verdict.given',
    verdict: {
      decision: 'approve',
      summary: 'Both callers follow the new interface.',
      samples: 1,
      costUsd: 0.02,
    },
  })
  log.emit({
    ...waits,
    reason:
      'Waiting for review. No test proves it: repaired: the build (npm run build), as before: the build (tsc --noEmit -p test, derived); this project has no tests.',
  })
  return log
}

/** Sixty files, some with names that no line holds. */
function manyFiles(id: string): SessionLog {
  const log = start(id)
  const name = (at: number) =>
    at % 9 === 0
      ? `packages/checkout-service/src/main/features/payment/providers/${'international-'.repeat(4)}adapter-${at}.generated.ts`
      : `packages/web/src/part-${at}.ts`
  const files = (text: string) =>
    Object.fromEntries(
      Array.from({ length: 60 }, (_, at) => [name(at), `export const part = ${text}(${at})\n`]),
    )
  log.stage({ stage: 'verify', role: 'repair', attempt: 1 }, 19_300, {
    within: () => reported(log, 'repair'),
  })
  matrix(log, true)
  log.patchText('repair', patchOf(files('createClientWithTheOldSignature'), files('createClient')))
  log.emit(waits)
  return log
}

/** By name, as `fixtureSessions`. */
/** Green, and lines that nothing ran: of an example that the change leaves alone, and of the repair itself. */
function notRun(id: string): SessionLog {
  const gone = [
    { path: 'examples/checkout/main.ts', line: 7 },
    { path: 'examples/checkout/main.ts', line: 12 },
  ]
  const written = Array.from({ length: 7 }, (_, at) => ({ path: 'src/orders.ts', line: at + 3 }))
  return waiting(id, [
    ...goneWarnings({ package: '@acme/http-client', to: '5.0.0' }, { unreached: gone, unknown: [] }),
    ...repairWarnings({ unreached: written, unknown: [] }),
  ])
}

export function rareSessions(): ReadonlyMap<string, SessionLog> {
  return new Map([
    ['dropped-red', droppedRed('20260304-090000-bbbbb1')],
    ['verifying-again', verifyingAgain('20260304-090000-bbbbb2')],
    [
      'interrupted',
      ended('20260304-090000-bbbbb3', {
        ...{ type: 'session.finished', outcome: 'interrupted' },
        reason: 'The runner of 20260304-090000-bbbbb3 ended in repair (attempt 1).',
      }),
    ],
    ['setup-failed', setupFailed('20260304-090000-bbbbb4')],
    ['needs-key', needsKey('20260304-090000-bbbbb8')],
    ['up-to-date', upToDate('20260304-090000-bbbbb5')],
    ['without-tests', withoutTests('20260304-090000-bbbbb7')],
    ['not-run', notRun('20260304-090000-bbbbc1')],
    ['explained', explained('20260304-090000-bbbbb9')],
    ['many-files', manyFiles('20260304-090000-bbbbb6')],
  ])
}
