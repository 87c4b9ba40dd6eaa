import path from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ResultLine } from '../../src/contract/resultLine.ts'
import { comparedOf, durationOf, messageOf, openRecord, quietly, type Write } from './record.ts'

/** What node:test's reporters get (https://nodejs.org/api/test.html#event-testpass), Node 18 to 26. */
interface TestEvent {
  readonly type: string
  readonly data: {
    readonly name: string
    readonly nesting: number
    readonly file?: string
    readonly skip?: unknown
    readonly todo?: unknown
    readonly details?: {
      readonly type?: string
      readonly duration_ms?: number
      readonly error?: { readonly cause?: unknown }
    }
  }
}

function fileOf(file: string | undefined): string | undefined {
  return file?.startsWith('file:') ? fileURLToPath(file) : file
}

function outcomeOf({ type, data }: TestEvent): ResultLine['outcome'] {
  if (data.skip !== undefined && data.skip !== false) return 'skipped'
  if (data.todo !== undefined && data.todo !== false) return 'todo'
  return type === 'test:pass' ? 'passed' : 'failed'
}

function lineOf(event: TestEvent, ancestors: readonly string[]): ResultLine {
  const { name, nesting, details } = event.data
  const file = fileOf(event.data.file)
  const isFile = nesting === 0 && file !== undefined && path.resolve(name) === path.resolve(file)
  const outcome = outcomeOf(event)
  const error = details?.error?.cause ?? details?.error
  return {
    ...(file === undefined ? {} : { file }),
    suite: [...ancestors],
    title: isFile ? '' : name,
    outcome,
    durationMs: durationOf(details?.duration_ms),
    ...(outcome === 'failed' ? { message: messageOf(error), ...comparedOf(error) } : {}),
  }
}

function listener(record: Write): (event: TestEvent) => void {
  const names: string[] = []
  return (event) => {
    if (event.type === 'test:start') {
      names.length = event.data.nesting
      names.push(event.data.name)
    } else if (event.type === 'test:pass' || event.type === 'test:fail') {
      if (event.data.details?.type !== 'suite') record(lineOf(event, names.slice(0, event.data.nesting)))
    }
  }
}

/**
 * A node:test reporter that writes to the folder it lies in the one of, and nothing to its destination. It reads the
 * source to its end whatever happens: Node aborts the whole run where a reporter leaves earlier.
 */
export default async function* report(source: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  const hear = listener(
    openRecord(path.dirname(import.meta.dirname ?? path.dirname(fileURLToPath(import.meta.url)))),
  )
  for await (const event of source) quietly(() => hear(event))
  yield* []
}
