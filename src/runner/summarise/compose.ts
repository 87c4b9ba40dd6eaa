import type { StepName, Summary, SummaryFailure } from '../../contract/report.ts'
import { type Section, weights } from './finding.ts'
import { neutralise, type Quotes, render } from './render.ts'

/** Failures that a summary carries at most. */
const MOST_FAILURES = 500

/** Reads a source file of the repository by its path relative to the root; undefined where there is none. */
export type ReadSource = (path: string) => Promise<string | undefined>

export interface SummariseOptions {
  /** What was run; decides the category where the log alone does not. */
  readonly step?: StepName
  /** Where the repository was when the log was written; taken off paths. Default `/workspace`. */
  readonly root?: string
  /** Lets the text quote the code lines that failures name. */
  readonly source?: ReadSource
}

/** Sections worth telling, causes first: by weight, then as they came. */
export function ordered(sections: readonly Section[]): Section[] {
  const sorted = sections.toSorted((a, b) => b.weight - a.weight || a.firstLine - b.firstLine)
  const strongest = sorted[0]?.weight ?? 0
  if (strongest <= weights.fallback) return sorted.slice(0, 1)
  // What cannot be loaded comes first; what its tools say of the rest is still told.
  const least = Math.min(strongest, weights.specific)
  return sorted.filter(({ weight }) => weight >= least)
}

/** Sections, in the order given, as a summary; the first one names the category. */
export function compose(sections: readonly Section[], root: string, quotes: Quotes = new Map()): Summary {
  const told = sections.map((section) => relative(section, root))
  const failures = told.flatMap((section) => section.findings.map((finding) => finding.failure))
  return {
    category: told[0]?.category ?? 'UNKNOWN',
    failures: failures.slice(0, MOST_FAILURES).map(safe),
    text: render(told, quotes),
  }
}

/** Code lines that the first failures name, by `file:line`. */
export async function quote(sections: readonly Section[], root: string, source: ReadSource): Promise<Quotes> {
  const quotes = new Map<string, string>()
  const places = sections.flatMap((section) => relative(section, root).findings.map(({ failure }) => failure))
  for (const { file, line } of places.slice(0, 30)) {
    if (file === undefined || line === undefined || file.startsWith('/')) continue
    const code = (await source(file))?.split('\n')[line - 1]?.trim()
    if (code) quotes.set(`${file}:${line}`, code.slice(0, 160))
  }
  return quotes
}

function relative(section: Section, root: string): Section {
  const folder = root.endsWith('/') ? root : `${root}/`
  const short = (text: string) => text.replaceAll(`file://${folder}`, '').replaceAll(folder, '')
  const findings = section.findings.map((finding) => {
    const { file, test, message } = finding.failure
    const failure = {
      ...finding.failure,
      ...(file === undefined ? {} : { file: relativePath(file, root) }),
      // A file that fails as a whole is a test of its own path.
      ...(test === undefined ? {} : { test: relativePath(test, root) }),
      message: short(message),
    }
    const cause = short(finding.cause ?? message)
    return { failure, cause, detail: finding.detail?.map(short) ?? [] }
  })
  return { ...section, findings }
}

/** `src/a.ts` for `file:///workspace/src/a.ts` or `./src/a.ts`. */
export function relativePath(file: string, root: string): string {
  const path = file
    .replace(/^file:\/\//, '')
    .replaceAll('\\', '/')
    .replace(/^(?:\.\/)+/, '')
  const folder = root.endsWith('/') ? root : `${root}/`
  return path.startsWith(folder) ? path.slice(folder.length) : path
}

function safe(failure: SummaryFailure): SummaryFailure {
  const text = { file: failure.file, test: failure.test, artifact: failure.artifact, rule: failure.rule }
  const cleaned = Object.entries(text).flatMap(([key, value]) =>
    value === undefined ? [] : [[key, neutralise(value).slice(0, 600)] as const],
  )
  const { line, column } = failure
  return {
    ...Object.fromEntries(cleaned),
    ...(line !== undefined && line > 0 ? { line } : {}),
    ...(column !== undefined && column > 0 ? { column } : {}),
    message: neutralise(failure.message),
  }
}
