import type { ResultLine } from '../../src/contract/resultLine.ts'
import { callerOutside } from './caller.ts'
import { messageOf, quietly, type Write } from './record.ts'

interface Assertion {
  readonly ok?: boolean
  readonly skip?: unknown
  readonly todo?: unknown
  readonly name?: string
  readonly error?: unknown
}

interface Test {
  readonly name: string
  readonly _skip?: unknown
  readonly _todo?: unknown
  on(event: 'result', listener: (assertion: Assertion | string) => void): unknown
  on(event: 'test', listener: (child: Test) => void): unknown
  once(event: 'end', listener: () => void): unknown
}

interface Results {
  readonly prototype: { push: (this: unknown, test: Test) => unknown }
}

const ownFiles = /[\\/]node_modules[\\/](?:.*[\\/])?tape[\\/]/

function outcomeOf(test: Test, failure: Assertion | undefined): ResultLine['outcome'] {
  if (test._skip) return 'skipped'
  if (test._todo) return 'todo'
  return failure === undefined ? 'passed' : 'failed'
}

function listen(
  test: Test,
  place: { readonly file?: string },
  suite: readonly string[],
  record: Write,
): void {
  let failure: Assertion | undefined
  test.on('result', (assertion) => {
    if (typeof assertion === 'object' && assertion.ok === false && !assertion.todo) failure ??= assertion
  })
  test.on('test', (child) => quietly(() => listen(child, place, [...suite, test.name], record)))
  test.once('end', () =>
    quietly(() => {
      const outcome = outcomeOf(test, failure)
      const message = outcome === 'failed' ? { message: messageOf(failure?.error ?? failure?.name) } : {}
      record({ ...place, suite: [...suite], title: test.name, outcome, durationMs: 0, ...message })
    }),
  )
}

export function observeTape(results: Results, record: Write): Results {
  const push = results.prototype.push
  results.prototype.push = function observed(test) {
    quietly(() => {
      const file = callerOutside(ownFiles)
      listen(test, file === undefined ? {} : { file }, [], record)
    })
    return push.call(this, test)
  }
  return results
}
