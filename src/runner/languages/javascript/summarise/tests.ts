import type { Finding } from '../../../summarise/finding.ts'
import { type NodeFrame, nodeFrame, ownFile } from '../frames.ts'

const TEST_FILE = /(?:^|[\\/])(?:tests?|__tests__|specs?)[\\/]|[.-](?:test|spec)\.[cm]?[jt]sx?$/
/** `> 4 |   code`, as jest and webpack mark the line at fault. */
const MARKED = /^\s*>\s*\d+ ?[|│]/
const CODE = /^\s*>?\s*\d* ?[|│](?:\s|$)/
const FRAME = /^\s*(?:at\s|❯ (?!\S+ (?:test|suite)))/
const PROPERTY = /^\s*(?:generatedMessage|code|actual|expected|operator|diff): |^\s*[{}]\s*$/
/** Node's own warnings, which it writes between whatever else is written. */
const WARNING = /^\s*\((?:node:\d+\) |Use `node )/
const MOST_MESSAGE = 6
const MOST_LINES = 80

/** Names of suites and test as `suite › title`. */
export function testName(parts: readonly string[]): string {
  return parts
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .join(' › ')
}

function ownFrames(body: readonly string[]): NodeFrame[] {
  return body.flatMap((line) => {
    const frame = nodeFrame(line)
    return frame !== undefined && ownFile(frame.file) ? [frame] : []
  })
}

/** The frame in the test's own file, else one in any test file, else the first of the project. */
function placeIn(frames: readonly NodeFrame[], file: string | undefined): NodeFrame | undefined {
  const base = file?.split('/').at(-1)
  return (
    frames.find((frame) => base !== undefined && frame.file.endsWith(base)) ??
    (file === undefined ? (frames.find((frame) => TEST_FILE.test(frame.file)) ?? frames[0]) : undefined)
  )
}

/** A failed test, or a failed file where `test` is undefined, from the lines that its runner printed below the name. */
export function testFinding(
  test: string | undefined,
  file: string | undefined,
  body: readonly string[],
): Finding {
  const frames = ownFrames(body)
  const at = placeIn(frames, file)
  const told = body.filter(
    (line) =>
      !FRAME.test(line) &&
      !CODE.test(line) &&
      !PROPERTY.test(line) &&
      !WARNING.test(line) &&
      line.trim() !== '',
  )
  const message = told.slice(0, MOST_MESSAGE).map((line) => line.trim())
  const marked = body.find((line) => MARKED.test(line))?.trim()
  const [first = 'failed without a message', ...rest] = message
  // Time-outs have no stack; mocha names the file behind the message.
  const named = /\((\/\S+\.[cm]?[jt]sx?)\)$/.exec(first)?.[1]
  const where = file ?? at?.file ?? named
  return {
    failure: {
      ...(where === undefined ? {} : { file: where }),
      ...(at === undefined ? {} : { line: at.line, column: at.column }),
      ...(test === undefined ? {} : { test }),
      message: message.join('\n') || first,
    },
    cause: first,
    detail: [
      ...told.slice(1, 9).filter((line) => rest.length > 0 && line.trim() !== first),
      ...(marked === undefined ? [] : [marked]),
      ...[...new Set(frames.map((frame) => `at ${frame.file}:${frame.line}`))].slice(0, 3),
    ],
  }
}

/** Collects the lines below each name until the next one. */
export class Blocks {
  readonly #blocks: {
    readonly test: string | undefined
    readonly file: string | undefined
    readonly body: string[]
    readonly number: number
  }[] = []
  #open = false

  start(test: string | undefined, file: string | undefined, number: number): void {
    this.#open = this.#blocks.length < 600
    if (this.#open) this.#blocks.push({ test, file, body: [], number })
  }

  push(line: string): void {
    const body = this.#blocks.at(-1)?.body
    if (!this.#open || body === undefined) return
    body.push(line)
    this.#open = body.length < MOST_LINES
  }

  stop(): void {
    this.#open = false
  }

  get open(): boolean {
    return this.#open
  }

  get size(): number {
    return this.#blocks.length
  }

  /** Findings with their line numbers; a name without lines of its own shares those of the next. */
  findings(): { finding: Finding; number: number }[] {
    return this.#blocks.map(({ test, file, body, number }, index) => {
      const shared = body.some((line) => line.trim() !== '') ? body : (this.#blocks[index + 1]?.body ?? [])
      return { finding: testFinding(test, file, shared), number }
    })
  }
}
