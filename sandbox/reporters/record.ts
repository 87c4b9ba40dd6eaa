import fs from 'node:fs'
import path from 'node:path'
import { inspect } from 'node:util'
import type { ResultLine } from '../../src/contract/resultLine.ts'

const messageLines = 20
const messageChars = 2_000

export type Write = (line: ResultLine) => void

/** First lines of an error, its stack included, as a failure message. */
export function messageOf(error: unknown): string {
  try {
    const { message, stack } = (typeof error === 'object' && error !== null ? error : {}) as {
      message?: unknown
      stack?: unknown
    }
    const said = typeof message === 'string' ? message : String(error)
    const trace = typeof stack === 'string' ? stack : ''
    const text = trace.includes(said) ? trace : `${said}\n${trace}`
    return text.trim().split('\n').slice(0, messageLines).join('\n').slice(0, messageChars)
  } catch {
    // A getter or `toString` of the project's own threw.
    return ''
  }
}

function shown(value: unknown): string {
  const text =
    typeof value === 'string' ? value : inspect(value, { depth: 8, sorted: true, maxArrayLength: 200 })
  return text.slice(0, messageChars)
}

/**
 * What an assertion compared, of node:assert, chai and their like, or of a Jest matcher; nothing for any other error.
 * Empty where the assertion does not say it.
 */
export function comparedOf(error: unknown): Pick<ResultLine, 'compared'> {
  // A getter of the project's own may throw.
  return quietly(() => compared(error)) ?? {}
}

function compared(error: unknown): Pick<ResultLine, 'compared'> {
  if (typeof error !== 'object' || error === null) return {}
  const thrown = error as { name?: unknown; code?: unknown; matcherResult?: unknown; matcherName?: unknown }
  const { matcherResult, matcherName, name, code } = thrown
  const matcher = typeof matcherResult === 'object' && matcherResult !== null ? matcherResult : undefined
  const asserts =
    matcher !== undefined ||
    (typeof matcherName === 'string' && matcherName !== '') ||
    code === 'ERR_ASSERTION' ||
    (typeof name === 'string' && /Assertion/.test(name))
  if (!asserts) return {}
  const sides = [matcher, thrown].find((one) => one !== undefined && 'expected' in one && 'actual' in one)
  if (sides === undefined) return { compared: {} }
  const { expected, actual } = sides as { expected: unknown; actual: unknown }
  return { compared: { expected: shown(expected), actual: shown(actual) } }
}

/** What a listener throws must not reach the runner that it listens to. */
export function quietly<T>(work: () => T): T | undefined {
  try {
    return work()
  } catch {
    return undefined
  }
}

/** A time as a runner gives it, in milliseconds; 0 where it gives none. */
export function durationOf(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) ? Math.max(0, value) : 0
}

// A test may change the folder of its process.
const start = quietly(() => process.cwd()) ?? '/'

function complete(line: ResultLine): ResultLine {
  return line.file === undefined
    ? { ...line, folder: start }
    : { ...line, file: path.resolve(start, line.file) }
}

/** Writes to a file of this process's own in `directory`; what is written is on disk when the call returns. Never throws. */
export function openLines(directory: string): (line: unknown) => void {
  let descriptor: number | undefined
  return (line) => {
    quietly(() => {
      if (descriptor === undefined) {
        fs.mkdirSync(directory, { recursive: true })
        const name = `${process.pid}-${process.hrtime.bigint().toString(36)}.jsonl`
        descriptor = fs.openSync(path.join(directory, name), 'a')
      }
      fs.writeSync(descriptor, `${JSON.stringify(line)}\n`)
    })
  }
}

/** The same for results; they say where they are from in a way that does not depend on the process. */
export function openRecord(directory: string): Write {
  const write = openLines(directory)
  return (line) => {
    quietly(() => write(complete(line)))
  }
}
