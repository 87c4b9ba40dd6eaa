import fs from 'node:fs'
import path from 'node:path'
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
