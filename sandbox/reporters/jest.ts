import path from 'node:path'
import type { ResultLine } from '../../src/contract/resultLine.ts'
import { comparedOf, durationOf, messageOf, openRecord, quietly } from './record.ts'

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

interface TestFile {
  readonly context?: { readonly config?: { readonly displayName?: string | { readonly name?: string } } }
}

function outcomeOf(status: string): ResultLine['outcome'] {
  if (status === 'passed' || status === 'failed' || status === 'todo') return status
  return 'skipped'
}

/** The same file may run in several projects. */
function projectOf(test: TestFile | undefined): string[] {
  const shown = test?.context?.config?.displayName
  const name = typeof shown === 'object' ? shown?.name : shown
  return name === undefined || name === '' ? [] : [`[${name}]`]
}

function linesOf(result: FileResult, project: readonly string[]): ResultLine[] {
  const file = result.testFilePath
  const lines = result.testResults.map((test): ResultLine => {
    const outcome = outcomeOf(test.status)
    return {
      file,
      suite: [...project, ...test.ancestorTitles],
      title: test.title,
      outcome,
      durationMs: durationOf(test.duration),
      ...(outcome === 'failed' ? { message: messageOf(test.failureMessages?.[0] ?? '') } : {}),
      ...(outcome === 'failed' ? comparedOf(test.failureDetails?.[0]) : {}),
    }
  })
  const failure = result.testExecError ?? (lines.length === 0 ? result.failureMessage : undefined)
  if (failure === undefined || failure === null) return lines
  const message = messageOf(result.failureMessage ?? failure)
  // A file is the same in each project: as a whole it has no name but its own.
  return [...lines, { file, suite: [], title: '', outcome: 'failed', durationMs: 0, message }]
}

/** A Jest reporter (https://jestjs.io/docs/configuration#reporters) that prints nothing. */
class Reporter {
  private readonly record = openRecord(path.dirname(__dirname))

  onTestResult(test: TestFile | undefined, result: FileResult): void {
    quietly(() => {
      for (const line of linesOf(result, projectOf(test))) this.record(line)
    })
  }
}

// Before 24, Jest takes the module itself for the class.
Object.assign(module, { exports: Object.assign(Reporter, { default: Reporter }) })
