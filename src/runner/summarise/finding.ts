import type { SummaryCategory, SummaryFailure } from '../../contract/report.ts'

/** One failure as a recogniser found it. */
export interface Finding {
  readonly failure: SummaryFailure
  /** Heading under which equal failures are grouped; the message where undefined. */
  readonly cause?: string
  /** More lines, shown once a group: symbol, expected and actual, frames of the project. */
  readonly detail?: readonly string[]
}

/** How much a section explains: the lower ones are mostly consequences of the higher ones. */
export const weights = { consequence: 0, fallback: 1, runtime: 2, specific: 3, load: 4 } as const

/** What one recogniser has to say about a log. */
export interface Section {
  readonly category: SummaryCategory
  /** One line, such as `tsc: 3 errors`. */
  readonly title: string
  readonly weight: number
  /** Line of the log where it began, 1-based. */
  readonly firstLine: number
  readonly findings: readonly Finding[]
  /** Lines of their own: hints, the goal that failed. */
  readonly notes?: readonly string[]
  /** Failures beyond those kept. */
  readonly dropped?: number
}

/** Reads a log line by line and keeps what it recognises, bounded. */
export interface Recogniser {
  /**
   * Plain texts without colours inside; no line matters before one of them was in the log. A rare first letter or
   * seven letters make the search fast.
   */
  readonly needles: readonly string[]
  /** In the middle of something, or in need of every line from now on. */
  readonly busy: () => boolean
  readonly line: (line: string, number: number) => void
  readonly end: () => Section | undefined
}

const MOST_FINDINGS = 500
/** Characters that are kept of a message. */
export const LONGEST_MESSAGE = 600
const MOST_DETAIL = 12

/** Findings of one tool: in order, each once, at most 500, messages at most 600 characters. */
export class FindingList {
  readonly #found = new Map<string, Finding>()
  firstLine = 0
  dropped = 0

  get size(): number {
    return this.#found.size
  }

  /** Adds what is new; the same failure told again only adds the detail that was missing. */
  add(finding: Finding, number: number): void {
    const key = keyOf(finding.failure)
    const known = this.#found.get(key)
    if (known !== undefined) {
      if ((known.detail?.length ?? 0) < (finding.detail?.length ?? 0)) this.#found.set(key, bounded(finding))
      return
    }
    if (this.#found.size >= MOST_FINDINGS) {
      this.dropped += 1
      return
    }
    if (this.firstLine === 0) this.firstLine = number
    this.#found.set(key, bounded(finding))
  }

  values(): Finding[] {
    return [...this.#found.values()]
  }
}

function keyOf(failure: SummaryFailure): string {
  const { file, line, column, test, artifact, message } = failure
  return [file, line, column, test, artifact, test === undefined ? message.trim() : ''].join('|')
}

function bounded(finding: Finding): Finding {
  return {
    ...finding,
    failure: { ...finding.failure, message: finding.failure.message.trim().slice(0, LONGEST_MESSAGE) },
    ...(finding.detail === undefined
      ? {}
      : { detail: finding.detail.slice(0, MOST_DETAIL).map((line) => line.slice(0, LONGEST_MESSAGE)) }),
  }
}

/** `3 errors in 2 files`. */
export function count(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`
}
