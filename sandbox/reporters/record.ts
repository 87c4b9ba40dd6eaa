import fs from 'node:fs'
import path from 'node:path'
import { inspect } from 'node:util'
import type { ResultLine } from '../../src/contract/resultLine.ts'

const messageLines = 20
const messageChars = 2_000

/** First lines of an error, its stack included, as a failure message. */
export function messageOf(error: unknown): string {
  const { message, stack } = (typeof error === 'object' && error !== null ? error : {}) as {
    message?: unknown
    stack?: unknown
  }
  const said = typeof message === 'string' ? message : String(error)
  const trace = typeof stack === 'string' ? stack : ''
  const text = trace.includes(said) ? trace : `${said}\n${trace}`
  return text.trim().split('\n').slice(0, messageLines).join('\n').slice(0, messageChars)
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

/** Writes lines to a file of this process's own in `directory`; lines are on disk when the call returns. */
export function openRecord(directory: string): (line: ResultLine) => void {
  let descriptor: number | undefined
  return (line) => {
    if (descriptor === undefined) {
      fs.mkdirSync(directory, { recursive: true })
      const name = `${process.pid}-${process.hrtime.bigint().toString(36)}.jsonl`
      descriptor = fs.openSync(path.join(directory, name), 'a')
    }
    fs.writeSync(descriptor, `${JSON.stringify(line)}\n`)
  }
}
