import type { ResultLine } from '../../src/contract/resultLine.ts'
import { comparedOf, messageOf, openRecord } from './record.ts'

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
  for (let parent = test.parent; parent !== undefined; parent = parent.parent) {
    if (parent.title !== '') titles.unshift(parent.title)
  }
  return titles
}

function fileOf(test: Runnable): string | undefined {
  return test.file ?? (test.parent === undefined ? undefined : fileOf(test.parent))
}

/** Listens to every runner that this Mocha starts, beside the user's own reporter. */
export function observeMocha(mocha: Mocha, directory: string): void {
  const record = openRecord(directory)
  const write = (test: Runnable, outcome: ResultLine['outcome'], error?: unknown): void => {
    const file = fileOf(test)
    record({
      ...(file === undefined ? {} : { file }),
      suite: suiteOf(test),
      title: test.title,
      outcome,
      durationMs: Math.max(0, test.duration ?? 0),
      ...(outcome === 'failed' ? { message: messageOf(error), ...comparedOf(error) } : {}),
    })
  }
  const run = mocha.prototype.run
  mocha.prototype.run = function observed(...rest) {
    const runner = run.apply(this, rest)
    runner.on('pass', (test) => write(test, 'passed'))
    runner.on('pending', (test) => write(test, 'skipped'))
    runner.on('fail', (test, error) => write(test, 'failed', error))
    return runner
  }
}
