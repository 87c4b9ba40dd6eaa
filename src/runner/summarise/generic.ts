import type { SummaryCategory } from '../../contract/report.ts'
import { tracebacks } from '../languages/tracebacks.ts'
import { count, type Finding, FindingList, type Recogniser, type Section, weights } from './finding.ts'

/** `a.c:4:32: error: m`, as gcc, clang, go, rustc's short format and many more say it. */
const PLACED = /^\s*((?:[A-Za-z]:)?[^\s:()][^:()]*?):(\d+):(?:(\d+):)? *(?:fatal )?error:? (.*)$/i
const FAULT =
  /\b(?:error|fatal|failed|failure|cannot|could not|not found|no such file|permission denied|killed|timed out|out of memory)\b/i
/** What passed, whatever words are in its name. */
const PASSED = /^\s*(?:[✔✓√]|ok \d+\b|PASS(?:ED)?\b|\[PASS(?:ED)?\])/
const NEEDLES = [
  'rror',
  'ail',
  'annot find',
  'not found',
  'Traceback',
  'No such file',
  'Killed',
  'imed out',
  'out of memory',
]
const KEPT_FAULTS = 8
const KEPT_LAST = 12

/**
 * What any log offers: compiler-like lines, tracebacks, lines that speak of failure. `noise` are lines of whoever ran the
 * tools.
 */
export function generic(
  category: () => SummaryCategory,
  noise: RegExp,
): Recogniser & { readonly faults: readonly string[] } {
  const placed = new FindingList()
  const faults: string[] = []
  const traces = tracebacks.map((open) => open(placed))
  return {
    needles: NEEDLES,
    busy: () => traces.some(({ open }) => open),
    line(line, number) {
      for (const trace of traces) trace.line(line, number)
      if (line.includes('rror')) {
        const match = PLACED.exec(line)
        if (match !== null) placed.add(placedAt(match), number)
      }
      if (faults.length < KEPT_FAULTS && isFault(line) && !noise.test(line)) faults.push(line.trim())
    },
    end: () => (placed.size > 0 ? located(placed, category()) : undefined),
    faults,
  }
}

function isFault(line: string): boolean {
  return FAULT.test(line) && !PASSED.test(line)
}

function placedAt(match: RegExpExecArray): Finding {
  const [, file = '', line, column, message = ''] = match
  return {
    failure: {
      file,
      line: Number(line),
      ...(column === undefined ? {} : { column: Number(column) }),
      message,
    },
  }
}

function located(list: FindingList, category: SummaryCategory): Section {
  return {
    category: category === 'UNKNOWN' ? 'COMPILATION_FAILURE' : category,
    title: count(list.size, 'error'),
    weight: weights.runtime,
    firstLine: list.firstLine,
    findings: list.values(),
    dropped: list.dropped,
  }
}

/** The last lines of a log, for where nothing was recognised. */
export class LastLines {
  readonly #noise: RegExp
  #lines: string[] = []
  #number = 0

  constructor(noise: RegExp) {
    this.#noise = noise
  }

  line(line: string, number: number): void {
    this.#number = number
    this.#lines.push(line)
    if (this.#lines.length > 20 * KEPT_LAST) this.#lines = this.#lines.slice(-5 * KEPT_LAST)
  }

  /** With the lines that spoke of failure before them. */
  section(faults: readonly string[], category: SummaryCategory): Section | undefined {
    const last = this.#lines.filter((line) => !this.#noise.test(line)).slice(-KEPT_LAST)
    if (last.length === 0) return undefined
    const message = faults.at(-1) ?? last.at(-1)?.trim() ?? ''
    return {
      category,
      title: 'No known error was recognised; the last lines are:',
      weight: weights.fallback,
      firstLine: this.#number,
      findings: [
        {
          failure: { message },
          detail: [...faults.slice(0, -1), '…', ...last].map((line) => line.slice(0, 240)),
        },
      ],
    }
  }
}
