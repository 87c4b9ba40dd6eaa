import type { ResultLine } from '../../src/contract/resultLine.ts'
import { comparedOf, durationOf, messageOf, quietly, type Write } from './record.ts'

interface Test {
  readonly title?: string
  readonly relativeTitle?: string
  readonly path?: readonly string[]
  readonly err?: unknown
  readonly skipped?: unknown
  readonly todo?: unknown
  readonly duration?: number
}

interface Reporter {
  test(test: Test): unknown
}

interface Reporters {
  generate: (...rest: unknown[]) => Reporter
}

function outcomeOf(test: Test): ResultLine['outcome'] {
  if (test.skipped) return 'skipped'
  if (test.todo) return 'todo'
  return test.err ? 'failed' : 'passed'
}

function lineOf(test: Test): ResultLine {
  const outcome = outcomeOf(test)
  const titled = test.relativeTitle ?? test.title ?? ''
  return {
    suite: [...(test.path ?? [])],
    title: titled,
    outcome,
    durationMs: durationOf(test.duration),
    ...(outcome === 'failed' ? { message: messageOf(test.err), ...comparedOf(test.err) } : {}),
  }
}

/** Of several reporters the one that hands on to the others is the one that is listened to. */
export function observeLab(reporters: Reporters, record: Write): Reporters {
  const generate = reporters.generate
  let depth = 0
  reporters.generate = function observed(...rest) {
    depth += 1
    let reporter: Reporter
    try {
      reporter = generate.apply(this, rest)
    } finally {
      depth -= 1
    }
    if (depth > 0) return reporter
    quietly(() => {
      const test = reporter.test
      reporter.test = function heard(one) {
        quietly(() => record(lineOf(one)))
        return test.call(this, one)
      }
    })
    return reporter
  }
  return reporters
}
