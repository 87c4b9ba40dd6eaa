import fs from 'node:fs'
import path from 'node:path'
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
