import type { SummaryCategory } from '../../contract/report.ts'
import { count, type Finding, FindingList, type Recogniser, type Section, weights } from './finding.ts'

/** `a.c:4:32: error: m`, as gcc, clang, go, rustc's short format and many more say it. */
const PLACED = /^\s*((?:[A-Za-z]:)?[^\s:()][^:()]*?):(\d+):(?:(\d+):)? *(?:fatal )?error:? (.*)$/i
const TRACEBACK = /^\s*Traceback \(most recent call last\):/
const PYTHON_FRAME = /^\s*File "([^"]+)", line (\d+)/
const PYTHON_ERROR = /^\s{0,2}([A-Za-z_][\w.]*(?:Error|Exception|Exit|Interrupt|Warning)\b.*)$/
const FAULT =
  /\b(?:error|fatal|failed|failure|cannot|could not|not found|no such file|permission denied|killed|out of memory)\b/i
const NOISE = /^(?:npm (?:warn|notice|WARN)|> |\$ |info |\s*$)/
const NEEDLES = [
  'rror',
  'ail',
  'annot find',
  'not found',
  'Traceback',
  'No such file',
  'Killed',
  'out of memory',
]
const KEPT_FAULTS = 8
const KEPT_LAST = 12

/** What any log offers: compiler-like lines, Python tracebacks, lines that speak of failure. */
export function generic(
  category: () => SummaryCategory,
): Recogniser & { readonly faults: readonly string[] } {
  const placed = new FindingList()
  const faults: string[] = []
  const python = new Traceback(placed)
  return {
    needles: NEEDLES,
    busy: () => python.open,
    line(line, number) {
      python.line(line, number)
      if (line.includes('rror')) {
        const match = PLACED.exec(line)
        if (match !== null) placed.add(placedAt(match), number)
      }
      if (faults.length < KEPT_FAULTS && FAULT.test(line) && !NOISE.test(line)) faults.push(line.trim())
    },
    end: () => (placed.size > 0 ? located(placed, category()) : undefined),
    faults,
  }
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

/** Remembers the innermost frame of a Python traceback until its error comes. */
class Traceback {
  readonly #list: FindingList
  #frame: RegExpExecArray | null = null
  open = false

  constructor(list: FindingList) {
    this.#list = list
  }

  line(line: string, number: number): void {
    if (!this.open) {
      this.open = line.includes('Traceback (') && TRACEBACK.test(line)
      return
    }
    const next = PYTHON_FRAME.exec(line)
    this.#frame = next ?? this.#frame
    const error = next === null ? PYTHON_ERROR.exec(line)?.[1] : undefined
    if (error === undefined) return
    const place = this.#frame?.[1] === undefined ? {} : { file: this.#frame[1], line: Number(this.#frame[2]) }
    this.#list.add({ failure: { ...place, message: error } }, number)
    this.open = false
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
  #lines: string[] = []
  #number = 0

  line(line: string, number: number): void {
    this.#number = number
    this.#lines.push(line)
    if (this.#lines.length > 20 * KEPT_LAST) this.#lines = this.#lines.slice(-5 * KEPT_LAST)
  }

  /** With the lines that spoke of failure before them. */
  section(faults: readonly string[], category: SummaryCategory): Section | undefined {
    const last = this.#lines.filter((line) => !NOISE.test(line)).slice(-KEPT_LAST)
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
