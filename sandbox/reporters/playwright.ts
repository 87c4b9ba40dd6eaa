import path from 'node:path'
import type { ResultLine } from '../../src/contract/resultLine.ts'
import { durationOf, messageOf, openRecord, quietly } from './record.ts'

/** https://playwright.dev/docs/api/class-testcase */
interface TestCase {
  /** Project, file and suites before the title; the first is the root's, which has none. */
  titlePath(): readonly string[]
  outcome(): string
  readonly location: { readonly file: string }
  readonly results: readonly {
    readonly status: string
    readonly duration: number
    readonly error?: unknown
  }[]
}

interface Suite {
  allTests(): readonly TestCase[]
}

function outcomeOf(test: TestCase): ResultLine['outcome'] {
  if (test.results.length === 0) return 'skipped'
  const outcome = test.outcome()
  return outcome === 'skipped' ? 'skipped' : outcome === 'unexpected' ? 'failed' : 'passed'
}

function lineOf(test: TestCase): ResultLine {
  const [, project = '', , ...titles] = test.titlePath()
  const outcome = outcomeOf(test)
  const last = test.results[test.results.length - 1]
  return {
    file: test.location.file,
    suite: [...(project === '' ? [] : [`[${project}]`]), ...titles.slice(0, -1)],
    title: titles[titles.length - 1] ?? '',
    outcome,
    durationMs: durationOf(last?.duration),
    ...(outcome === 'failed' ? { message: messageOf(last?.error) } : {}),
  }
}

/** A reporter of Playwright's test runner that prints nothing. */
class Reporter {
  private readonly record = openRecord(path.dirname(__dirname))
  private suite: Suite | undefined

  onBegin(config: unknown, suite?: Suite): void {
    this.suite = suite ?? (config as Suite)
  }

  onEnd(): void {
    quietly(() => {
      for (const test of this.suite?.allTests() ?? []) this.record(lineOf(test))
    })
  }

  printsToStdio(): boolean {
    return false
  }
}

Object.assign(module, { exports: Object.assign(Reporter, { default: Reporter }) })
