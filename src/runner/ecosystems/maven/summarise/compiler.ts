import type { SummaryFailure } from '../../../../contract/report.ts'
import { count, type Finding, FindingList, type Section, weights } from '../../../summarise/finding.ts'
import type { MavenLine, MavenPart, Mojo } from './log.ts'

/** `/a/B.java:[3,18] m`, `/a/B.java:[3:18] m`, `/a/B.kt: (3, 18) m`, `file:///a/B.kt:3:18 m`, `B.scala:3: m`. */
const PLACE =
  /^(?:file:\/\/)?((?:[A-Za-z]:)?[^:*?"<>|[\]]+\.(?:java|kt|kts|groovy|scala|aj|kotlin_module)):\s?(?:\[(-?\d+)(?:[,:]\s?(-?\d+))?\]|\((-?\d+),\s?(-?\d+)\):?|(\d+)(?::(\d+))?:?)\s*(.*)$/
export const PROMOTED = /warnings found and -Werror specified|-Werror: /
const DETAIL = /^\s{2,}\S/
const MISSING = /does not exist|cannot access|Unresolved reference|module not found|Could not find/i

export interface Place {
  readonly file: string
  /** Undefined where a whole file is meant. */
  readonly line?: number
  readonly column?: number
  readonly message: string
}

/** A compiler's or style checker's line taken apart. */
export function placeOf(text: string): Place | undefined {
  if (!/\.(?:java|kt|kts|groovy|scala|aj|kotlin_module):/.test(text)) return undefined
  const match = PLACE.exec(text)
  if (match === null) return undefined
  const line = Number(match[2] ?? match[4] ?? match[6])
  const column = Number(match[3] ?? match[5] ?? match[7])
  return {
    file: match[1] ?? '',
    message: match[8] ?? '',
    ...(line > 0 ? { line } : {}),
    ...(column > 0 ? { column } : {}),
  }
}

interface Entry extends Place {
  readonly detail: string[]
  readonly mojo: Mojo | undefined
  readonly number: number
}

const COMPILERS =
  /^(?:compiler|kotlin|gmavenplus|gmaven|groovy-eclipse|scala|aspectj|takari-lifecycle|ajc|polyglot|bnd|hpi|hibernate-enhance|animal-sniffer)$/
const MOST = 600

/** Errors of javac, kotlinc and their kin; warnings of the goal that runs, in case they are promoted. */
export class CompilerErrors implements MavenPart {
  readonly #errors: Entry[] = []
  #warnings: Entry[] = []
  #promoted: { readonly warnings: Entry[]; readonly number: number; readonly place?: Place }[] = []
  readonly #loose: string[] = []
  #run = 0
  #last: Entry | undefined

  line(line: MavenLine): void {
    const run = line.mojo?.run ?? 0
    if (run !== this.#run) this.#reset(run)
    if (line.level === undefined || line.level === 'ERROR') {
      if (DETAIL.test(line.text) && this.#last !== undefined) {
        this.#last.detail.push(line.text.trim())
        if (this.#last.detail.length > 12) this.#last.detail.pop()
        return
      }
    }
    this.#last = undefined
    if (line.level === 'ERROR') this.#error(line)
    else if (line.level === 'WARNING') this.#warning(line)
  }

  #reset(run: number): void {
    this.#run = run
    this.#warnings = []
    this.#last = undefined
  }

  #error(line: MavenLine): void {
    const place = placeOf(line.text)
    if (PROMOTED.test(line.text)) {
      if ((line.mojo === undefined && this.#promoted.length > 0) || this.#promoted.length >= 50) return
      this.#promoted.push({
        warnings: this.#warnings,
        number: line.number,
        ...(place === undefined ? {} : { place }),
      })
      return
    }
    if (place === undefined) {
      if (this.#loose.length < 3 && /^error: |^Fatal error compiling/.test(line.text))
        this.#loose.push(line.text)
      return
    }
    this.#last = { ...place, detail: [], mojo: line.mojo, number: line.number }
    if (this.#errors.length < MOST) this.#errors.push(this.#last)
  }

  #warning(line: MavenLine): void {
    const place = placeOf(line.text)
    if (place === undefined || this.#warnings.length >= MOST) return
    this.#last = { ...place, detail: [], mojo: line.mojo, number: line.number }
    this.#warnings.push(this.#last)
  }

  /** Places reported as errors while no compiler ran: checkstyle, PMD and the like. */
  style(): Finding[] {
    const style = this.#errors.filter(({ mojo }) => mojo !== undefined && !COMPILERS.test(mojo.plugin))
    return style.map((entry) => {
      const rule = /[[(]([A-Za-z][\w.-]+)[\])]\s*(?:$|[A-Z])/.exec(entry.message)?.[1]
      return {
        failure: {
          ...failureOf(entry),
          rule: rule === undefined ? (entry.mojo?.plugin ?? 'style') : `${entry.mojo?.plugin}:${rule}`,
        },
        cause: entry.message,
      }
    })
  }

  #section: { readonly value: Section | undefined } | undefined

  /** Compile errors, or the promoted warnings where there was no other error. */
  section(): Section | undefined {
    this.#section ??= { value: this.#compose() }
    return this.#section.value
  }

  #compose(): Section | undefined {
    const style = new Set(this.style().map(({ failure }) => `${failure.file}:${failure.line}`))
    const errors = this.#errors.filter(({ mojo, file, line }) =>
      mojo === undefined ? !style.has(`${file}:${line}`) : COMPILERS.test(mojo.plugin),
    )
    if (errors.length === 0 && this.#promoted.length > 0) return this.#promotedSection()
    if (errors.length === 0) return undefined
    const list = new FindingList()
    for (const entry of causesFirst(errors)) list.add(findingOf(entry), entry.number)
    const files = new Set(list.values().map(({ failure }) => failure.file))
    return {
      category: 'COMPILATION_FAILURE',
      title: `Compilation failed: ${count(list.size, 'error')} in ${count(files.size, 'file')}`,
      weight: weights.specific,
      firstLine: errors[0]?.number ?? 1,
      findings: list.values().map(byCause),
      notes: this.#loose.slice(0, 3),
      dropped: list.dropped,
    }
  }

  #promotedSection(): Section {
    const list = new FindingList()
    for (const { warnings, number, place } of this.#promoted) {
      for (const entry of warnings) list.add(findingOf(entry), number)
      const message = 'warnings found and -Werror specified'
      if (place !== undefined) list.add({ failure: failureOf({ ...place, message }) }, number)
      else if (warnings.length === 0) list.add({ failure: { message } }, number)
    }
    return {
      category: 'WERROR_FAILURE',
      title: `Compilation failed: warnings found and -Werror specified; ${count(list.size, 'warning')} promoted`,
      weight: weights.specific,
      firstLine: this.#promoted[0]?.number ?? 1,
      findings: list.values(),
      dropped: list.dropped,
    }
  }
}

/** Missing packages and classes explain the missing symbols that follow. */
function causesFirst(entries: readonly Entry[]): Entry[] {
  const missing = entries.filter(({ message }) => MISSING.test(message))
  return [...missing, ...entries.filter((entry) => !missing.includes(entry))]
}

function failureOf({ file, line, column, message }: Place): SummaryFailure {
  return {
    file,
    message,
    ...(line === undefined ? {} : { line }),
    ...(column === undefined ? {} : { column }),
  }
}

/** Once all are told apart: a symbol that is missing is nothing without its name, whoever reads the failure alone. */
function byCause({ failure, cause = failure.message, ...rest }: Finding): Finding {
  return { ...rest, cause, failure: { ...failure, message: cause } }
}

function findingOf(entry: Entry): Finding {
  const subject = entry.detail.find((line) =>
    /^(?:symbol|class file has|bad class file|required)\b/.test(line),
  )
  const symbol = subject?.replace(/^symbol:\s*/, '').replace(/\s+/g, ' ')
  const joint = entry.message.endsWith(';') ? ' ' : ': '
  const cause = symbol === undefined ? entry.message : `${entry.message}${joint}${symbol}`
  const detail = entry.detail.filter((line) => line !== subject)
  return { failure: failureOf(entry), cause, detail }
}
