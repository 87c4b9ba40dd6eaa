import type { ResultLine } from '../../src/contract/resultLine.ts'
import { comparedOf, messageOf, openRecord } from './record.ts'

interface FileResult {
  readonly testFilePath: string
  readonly testExecError?: unknown
  readonly failureMessage?: string | null
  readonly testResults: readonly {
    readonly ancestorTitles: readonly string[]
    readonly title: string
    readonly status: string
    readonly duration?: number | null
    readonly failureMessages?: readonly string[]
    readonly failureDetails?: readonly unknown[]
  }[]
}

function outcomeOf(status: string): ResultLine['outcome'] {
  if (status === 'passed' || status === 'failed' || status === 'todo') return status
  return 'skipped'
}

function linesOf(result: FileResult): ResultLine[] {
  const file = result.testFilePath
  const lines = result.testResults.map((test): ResultLine => {
    const outcome = outcomeOf(test.status)
    return {
      file,
      suite: [...test.ancestorTitles],
      title: test.title,
      outcome,
      durationMs: Math.max(0, test.duration ?? 0),
      ...(outcome === 'failed' ? { message: messageOf(test.failureMessages?.[0] ?? '') } : {}),
      ...(outcome === 'failed' ? comparedOf(test.failureDetails?.[0]) : {}),
    }
  })
  const failure = result.testExecError ?? (lines.length === 0 ? result.failureMessage : undefined)
  if (failure === undefined || failure === null) return lines
  const message = messageOf(result.failureMessage ?? failure)
  return [...lines, { file, suite: [], title: '', outcome: 'failed', durationMs: 0, message }]
}

/** A Jest reporter (https://jestjs.io/docs/configuration#reporters) that prints nothing. */
export default class Reporter {
  private readonly record: ((line: ResultLine) => void) | undefined

  constructor() {
    const directory = process.env.DRYDOCK_RESULTS
    this.record = directory === undefined ? undefined : openRecord(directory)
  }

  onTestResult(_test: unknown, result: FileResult): void {
    for (const line of linesOf(result)) this.record?.(line)
  }
}
