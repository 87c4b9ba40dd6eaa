import type { ResultLine } from '../../src/contract/resultLine.ts'
import { durationOf, messageOf, quietly, type Write } from './record.ts'

interface Failure {
  readonly message?: string
  readonly actual?: unknown
  readonly expected?: unknown
  readonly stack?: string
}

/** https://qunitjs.com/api/callbacks/QUnit.on/ */
interface TestEnd {
  readonly name: string
  readonly fullName: readonly string[]
  readonly status: string
  readonly runtime?: number
  readonly errors?: readonly Failure[]
}

interface QUnit {
  on?(event: 'testEnd', listener: (test: TestEnd) => void): void
}

const outcomes: Readonly<Record<string, ResultLine['outcome']>> = {
  passed: 'passed',
  failed: 'failed',
  todo: 'todo',
}

function textOf(failure: Failure | undefined): string {
  const { message, actual, expected, stack = '' } = failure ?? {}
  const values = [
    ['Expected', expected],
    ['Actual', actual],
  ].map(([name, value]) => `${name}: ${JSON.stringify(value) ?? String(value)}`)
  return [message, ...values, stack].filter(Boolean).join('\n')
}

export function observeQunit(qunit: QUnit, record: Write): QUnit {
  qunit.on?.('testEnd', (test) => {
    quietly(() => {
      const outcome = outcomes[test.status] ?? 'skipped'
      record({
        suite: test.fullName.slice(0, -1),
        title: test.name,
        outcome,
        durationMs: durationOf(test.runtime),
        ...(outcome === 'failed' ? { message: messageOf(textOf(test.errors?.[0])) } : {}),
      })
    })
  })
  return qunit
}
