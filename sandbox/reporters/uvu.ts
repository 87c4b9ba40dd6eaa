import { callerOutside } from './caller.ts'
import { comparedOf, messageOf, quietly, type Write } from './record.ts'

interface Test {
  readonly name: string
  handler: (state: unknown) => unknown
}

interface Suite {
  readonly tests: readonly Test[]
  readonly only: readonly Test[]
}

type Runner = (suite: Suite, name: string) => Promise<unknown>

const ownFiles = /[\\/]node_modules[\\/](?:.*[\\/])?uvu[\\/]/

/** uvu prints the stack: it is to be what it would be without this. */
function withoutUs(error: unknown): void {
  if (!(error instanceof Error) || error.stack === undefined) return
  error.stack = error.stack
    .split('\n')
    .filter((line) => !line.includes(__filename))
    .join('\n')
}

function observe(suite: Suite, name: string, file: string | undefined, record: Write): void {
  const place = file === undefined ? {} : { file }
  const titles = typeof name === 'string' && name !== '' ? [name] : []
  for (const test of suite.only.length > 0 ? suite.only : suite.tests) {
    const { handler } = test
    test.handler = async (state) => {
      const started = Date.now()
      const line = () => ({ ...place, suite: titles, title: test.name, durationMs: Date.now() - started })
      try {
        await handler(state)
      } catch (error) {
        quietly(() => withoutUs(error))
        record({ ...line(), outcome: 'failed', message: messageOf(error), ...comparedOf(error) })
        throw error
      }
      record({ ...line(), outcome: 'passed' })
    }
  }
}

/** uvu's function that runs a suite: a suite binds it while its file is being read, which tells the file. */
export function observeUvu(runner: Runner, record: Write): Runner {
  const observed: Runner = (suite, name) => runner(suite, name)
  const bind = (self: unknown, suite: Suite, name: string) => {
    quietly(() => observe(suite, name, callerOutside(ownFiles), record))
    return runner.bind(self, suite, name)
  }
  return Object.assign(observed, { bind })
}
