import type { Finding } from '../../../summarise/finding.ts'
import { runtime } from './runtime.ts'

const mostLines = 200

/** An error as it is printed where its stack is not: `TypeError: x is not a function`. */
const BARE = /^\s*((?:[A-Z]\w*)?(?:Error|Exception)(?: ?\[[^\]]*\])?: .+)$/

/** What a file printed before its runner said no more of it than that it failed. */
export class Printed {
  #lines: string[] = []
  #number = 0

  push(line: string, number: number): void {
    if (this.#lines.length === 0) this.#number = number
    this.#lines.push(line)
    if (this.#lines.length > 2 * mostLines) this.#lines = this.#lines.slice(-mostLines)
  }

  clear(): void {
    this.#lines = []
  }

  /** Why the file `test` failed: the error that was thrown last; undefined where none was. Nothing is kept of it. */
  take(test: string): Finding | undefined {
    const found = thrownIn(this.#lines, this.#number)
    this.clear()
    if (found === undefined) return undefined
    const { failure } = found
    return { ...found, failure: { ...(failure.file === undefined ? { file: test } : {}), ...failure, test } }
  }
}

/** The load error among the errors of a program, else the last one. */
export function thrownIn(lines: readonly string[], number: number): Finding | undefined {
  const thrown = runtime(() => 'TEST_FAILURE')
  for (const [at, line] of lines.entries()) thrown.line(line, number + at)
  const found = thrown.end()?.findings[0]
  if (found !== undefined) return found
  const bare = lines.findLast((line) => BARE.test(line))?.trim()
  return bare === undefined ? undefined : { failure: { message: bare }, cause: bare }
}

/** Says no more of a file than that it failed. */
export function isShell({ failure: { message, test } }: Finding): boolean {
  const said = message.replaceAll("'", '').trim()
  return (
    said === 'test failed' ||
    said === 'failed without a message' ||
    (test !== undefined && said === test && /\.[cm]?[jt]sx?$/.test(test))
  )
}
