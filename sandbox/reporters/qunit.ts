import type { ResultLine } from '../../src/contract/resultLine.ts'
import { durationOf, messageOf, quietly, type Write } from './record.ts'

/** https://qunitjs.com/api/callbacks/QUnit.on/ */
interface TestEnd {
  readonly name: string
  readonly fullName: readonly string[]
  readonly status: string
  readonly runtime?: number
  readonly errors?: readonly { readonly message?: string; readonly stack?: string }[]
}

interface QUnit {
  on?(event: 'testEnd', listener: (test: TestEnd) => void): void
}

const outcomes: Readonly<Record<string, ResultLine['outcome']>> = {
  passed: 'passed',
  failed: 'failed',
  todo: 'todo',
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
        ...(outcome === 'failed' ? { message: messageOf(test.errors?.[0]) } : {}),
      })
    })
  })
  return qunit
}
