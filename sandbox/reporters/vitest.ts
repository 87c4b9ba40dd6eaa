import type { ResultLine } from '../../src/contract/resultLine.ts'
import { comparedOf, durationOf, messageOf, quietly, type Write } from './record.ts'

interface Task {
  readonly type: string
  readonly name: string
  readonly mode: string
  readonly filepath?: string
  readonly projectName?: string
  readonly tasks?: readonly Task[]
  readonly result?: {
    readonly state?: string
    readonly duration?: number
    readonly errors?: readonly unknown[]
  }
}

interface Vitest {
  readonly prototype: {
    report: (this: { state: { getFiles(): readonly Task[] } }, name: string, ...rest: unknown[]) => unknown
  }
}

function outcomeOf(task: Task): ResultLine['outcome'] | undefined {
  if (task.mode === 'todo') return 'todo'
  const state = task.result?.state
  if (task.mode === 'skip' || state === 'skip') return 'skipped'
  if (state === 'pass') return 'passed'
  return state === 'fail' ? 'failed' : undefined
}

function* linesOf(task: Task, file: string | undefined, suite: readonly string[]): Generator<ResultLine> {
  const place = file === undefined ? {} : { file }
  const durationMs = durationOf(task.result?.duration)
  const error = task.result?.errors?.[0]
  const message = error === undefined ? {} : { message: messageOf(error), ...comparedOf(error) }
  if (task.tasks === undefined) {
    const outcome = outcomeOf(task)
    if (outcome === undefined) return
    yield { ...place, suite: [...suite], title: task.name, outcome, durationMs, ...message }
    return
  }
  const inside = task.filepath === undefined ? [...suite, task.name] : suite
  // An error of the file or suite itself: it did not load, or a hook failed.
  if (error !== undefined || (task.tasks.length === 0 && task.result?.state === 'fail')) {
    // A file is the same in each project: as a whole it has no name but its own.
    const whole = task.filepath === undefined ? inside : []
    yield { ...place, suite: [...whole], title: '', outcome: 'failed', durationMs, ...message }
  }
  for (const child of task.tasks) yield* linesOf(child, file, inside)
}

/** Writes the state of all files at the end of each of this Vitest's runs. */
export function observeVitest(vitest: Vitest, record: Write): Vitest {
  const report = vitest.prototype.report
  let written = new WeakSet<object>()
  const listen = (name: string, files: () => readonly Task[]) => {
    if (name === 'onPathsCollected' || name === 'onTestRunStart') written = new WeakSet()
    if (name !== 'onTestRunEnd' && name !== 'onFinished') return
    for (const file of files()) {
      if (written.has(file)) continue
      written.add(file)
      const project = file.projectName ? [`[${file.projectName}]`] : []
      for (const line of linesOf(file, file.filepath, project)) record(line)
    }
  }
  vitest.prototype.report = function observed(name, ...rest) {
    quietly(() => listen(name, () => this.state.getFiles()))
    return report.call(this, name, ...rest)
  }
  return vitest
}
