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
const KEPT_FAULTS = 8
const KEPT_LAST = 12

/** What any log offers: compiler-like lines, Python tracebacks, else the lines that speak of failure and the last ones. */
export function generic(category: () => SummaryCategory): Recogniser {
  const placed = new FindingList()
  const faults: string[] = []
  const last: string[] = []
  const python = traceback(placed)
  let lines = 0
  return {
    line(line, number) {
      lines = number
      python(line, number)
      if (line === '' || NOISE.test(line)) return
      if (line.includes('rror')) {
        const match = PLACED.exec(line)
        if (match !== null) placed.add(placedAt(match), number)
      }
      last.push(line)
      if (last.length > 4 * KEPT_LAST) last.splice(0, 3 * KEPT_LAST)
      if (faults.length < KEPT_FAULTS && FAULT.test(line)) faults.push(line.trim())
    },
    end: () =>
      placed.size > 0 ? located(placed, category()) : rest(faults, last.slice(-KEPT_LAST), lines, category()),
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
function traceback(list: FindingList): (line: string, number: number) => void {
  let open = false
  let frame: RegExpExecArray | null = null
  return (line, number) => {
    if (!open) {
      open = line.includes('Traceback (') && TRACEBACK.test(line)
      return
    }
    const next = PYTHON_FRAME.exec(line)
    if (next !== null) {
      frame = next
      return
    }
    const error = PYTHON_ERROR.exec(line)?.[1]
    if (error === undefined) return
    const place = frame?.[1] === undefined ? {} : { file: frame[1], line: Number(frame[2]) }
    list.add({ failure: { ...place, message: error } }, number)
    open = false
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

function rest(
  faults: readonly string[],
  last: readonly string[],
  lines: number,
  category: SummaryCategory,
): Section | undefined {
  if (last.length === 0) return undefined
  const message = faults.at(-1) ?? last.at(-1)?.trim() ?? ''
  return {
    category,
    title: 'No known error was recognised; the last lines are:',
    weight: weights.fallback,
    firstLine: lines,
    findings: [
      {
        failure: { message },
        detail: [...faults.slice(0, -1), '…', ...last].map((line) => line.slice(0, 240)),
      },
    ],
  }
}
