import type { ResultLine } from '../../src/contract/resultLine.ts'
import { comparedOf, durationOf, messageOf, quietly, type Write } from './record.ts'

interface Runnable {
  readonly title: string
  readonly file?: string
  readonly duration?: number
  readonly parent?: Runnable
}

interface Runner {
  on(event: 'pass' | 'pending', listener: (test: Runnable) => void): unknown
  on(event: 'fail', listener: (test: Runnable, error: unknown) => void): unknown
}

interface Mocha {
  readonly prototype: { run: (this: unknown, ...rest: unknown[]) => Runner }
}

function suiteOf(test: Runnable): string[] {
  const titles: string[] = []
  for (let parent = test.parent; parent !== undefined && parent !== null; parent = parent.parent) {
    if (parent.title !== '') titles.unshift(parent.title)
  }
  return titles
}

function fileOf(test: Runnable): string | undefined {
  return test.file ?? (test.parent === undefined || test.parent === null ? undefined : fileOf(test.parent))
}

/** Listens to every runner that this Mocha starts, beside the user's own reporter. */
export function observeMocha(mocha: Mocha, record: Write): Mocha {
  const write = (test: Runnable, outcome: ResultLine['outcome'], error?: unknown): void => {
    const file = fileOf(test)
    record({
      ...(file === undefined ? {} : { file }),
      suite: suiteOf(test),
      title: test.title,
      outcome,
      durationMs: durationOf(test.duration),
      ...(outcome === 'failed' ? { message: messageOf(error), ...comparedOf(error) } : {}),
    })
  }
  const run = mocha.prototype.run
  mocha.prototype.run = function observed(...rest) {
    const runner = run.apply(this, rest)
    quietly(() => {
      runner.on('pass', (test) => quietly(() => write(test, 'passed')))
      runner.on('pending', (test) => quietly(() => write(test, 'skipped')))
      runner.on('fail', (test, error) => quietly(() => write(test, 'failed', error)))
    })
    return runner
  }
  return mocha
}
