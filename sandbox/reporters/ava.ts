import type { ResultLine } from '../../src/contract/resultLine.ts'
import { durationOf, messageOf, quietly, type Write } from './record.ts'

/** What AVA 2 and later says of each test while it runs. */
interface StateChange {
  readonly type: string
  readonly testFile?: string
  readonly title?: string
  readonly duration?: number
  readonly skip?: boolean
  readonly todo?: boolean
  readonly err?: unknown
}

interface RunStatus {
  readonly prototype: { emitStateChange: (this: unknown, event: StateChange) => unknown }
}

const outcomes: Readonly<Record<string, ResultLine['outcome']>> = {
  'test-passed': 'passed',
  'test-failed': 'failed',
  'hook-failed': 'failed',
}
const broken = new Set(['uncaught-exception', 'unhandled-rejection', 'worker-failed', 'internal-error'])

function outcomeOf({ type, skip, todo }: StateChange): ResultLine['outcome'] | undefined {
  if (type !== 'selected-test') return outcomes[type] ?? (broken.has(type) ? 'failed' : undefined)
  if (skip === true) return 'skipped'
  return todo === true ? 'todo' : undefined
}

/** An assertion of AVA's own has no message, but values with a label. */
function textOf(error: unknown): string {
  const { message, formattedDetails, values } = Object(error) as Record<string, unknown>
  const details = [formattedDetails, values].find(Array.isArray) ?? []
  const shown = details.map((detail) => {
    const { label, formatted } = Object(detail) as { label?: unknown; formatted?: unknown }
    return `${String(label ?? '')}\n${String(formatted ?? '')}`
  })
  return shown.length === 0 ? messageOf(error) : [message, ...shown].filter(Boolean).join('\n').trim()
}

function lineOf(event: StateChange): ResultLine | undefined {
  const outcome = outcomeOf(event)
  if (outcome === undefined) return undefined
  return {
    ...(event.testFile === undefined ? {} : { file: event.testFile }),
    suite: [],
    // An exception outside a test is the file's.
    title: broken.has(event.type) ? '' : (event.title ?? ''),
    outcome,
    durationMs: durationOf(event.duration),
    ...(outcome === 'failed' ? { message: messageOf(textOf(event.err)) } : {}),
  }
}

export function observeAva(status: RunStatus, record: Write): RunStatus {
  const emit = status.prototype.emitStateChange
  // What a file's process says of its end after an exception is the same failure once more.
  const reported = new Set<string | undefined>()
  status.prototype.emitStateChange = function observed(event) {
    quietly(() => {
      const line = lineOf(event)
      if (line === undefined || (line.title === '' && reported.has(line.file))) return
      if (line.title === '') reported.add(line.file)
      record(line)
    })
    return emit.call(this, event)
  }
  return status
}
