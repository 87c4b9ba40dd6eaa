import { parsePatch } from 'diff'
import type { PatchFile } from '../../src/contract/patch.ts'
import { patchSections, splitBefore } from '../../src/contract/patchText.ts'
import { shownLine } from '../../src/contract/shownText.ts'

export interface DiffLine {
  readonly kind: 'same' | 'added' | 'deleted'
  /** As it may be shown. */
  readonly text: string
  /** Number on each side, from 1. */
  readonly old?: number
  readonly now?: number
  /** Place among the lines of each side of its hunk, from 0. */
  readonly oldAt?: number
  readonly nowAt?: number
  /** The line that took its place, or whose place it took: what differs inside is marked. */
  readonly other?: string
  /** It is its side's last line and has no newline. */
  readonly unended?: boolean
}

export interface DiffHunk {
  readonly at: number
  readonly heading: string
  readonly lines: readonly DiffLine[]
}

export interface DiffFile extends PatchFile {
  readonly at: number
  readonly hunks: readonly DiffHunk[]
  /** Changed modes and what cannot be shown as lines, in words. */
  readonly notes: readonly string[]
}

/**
 * A patch in parts, in the order of its bytes. `files` is what the runner read from the same bytes, in the same
 * order: paths are taken from there. Undefined where the two do not agree.
 */
export function readDiff(text: string, files: readonly PatchFile[]): readonly DiffFile[] | undefined {
  const sections = patchSections(text)
  if (sections.length !== files.length) return undefined
  return files.map((file, at) => readFile(file, sections[at] ?? '', at))
}

function readFile(file: PatchFile, section: string, at: number): DiffFile {
  const body = section.indexOf('\n@@ ') + 1 || -1
  const header = body === -1 ? section : section.slice(0, body)
  const notes = notesOn(file, header, body !== -1)
  if (body === -1) return { ...file, at, hunks: [], notes }
  try {
    const parts = parsePatch(`--- a\n+++ b\n${section.slice(body)}`)[0]?.hunks ?? []
    const headings = splitBefore(section.slice(body), '@@ ').map((part) => part.slice(0, part.indexOf('\n')))
    const hunks = parts.map((hunk, place) => readHunk(hunk, place, headings))
    return { ...file, at, hunks, notes }
  } catch {
    return {
      ...file,
      at,
      hunks: [],
      notes: [...notes, 'Its lines cannot be shown here: open it in the diff editor.'],
    }
  }
}

function notesOn(file: PatchFile, header: string, hasLines: boolean): readonly string[] {
  const modes = /^old mode (\d+)\nnew mode (\d+)$/m.exec(header)
  return [
    ...(modes === null ? [] : [`Its mode changes from ${modes[1]} to ${modes[2]}.`]),
    ...(file.status === 'added' && file.mode === '100755' ? ['It is executable.'] : []),
    ...(file.binary ? ['Binary: its change cannot be read.'] : []),
    ...(!hasLines && !file.binary && modes === null ? ['It has no lines.'] : []),
  ]
}

type ParsedHunk = NonNullable<ReturnType<typeof parsePatch>[number]>['hunks'][number]

function readHunk(hunk: ParsedHunk, at: number, headings: readonly string[]): DiffHunk {
  const { oldStart, oldLines, newStart, newLines } = hunk
  const range = `@@ -${oldStart},${oldLines} +${newStart},${newLines} @@`
  const context = /^@@ -\S+ \+\S+ @@ ?(.*)$/.exec(headings[at] ?? '')?.[1] ?? ''
  return {
    at,
    heading: shownLine(context === '' ? range : `${range} ${context}`),
    lines: withOthers(readLines(hunk)),
  }
}

interface Mutable {
  kind: DiffLine['kind']
  text: string
  old?: number
  now?: number
  oldAt?: number
  nowAt?: number
  other?: string
  unended?: boolean
}

function readLines(hunk: ParsedHunk): Mutable[] {
  const lines: Mutable[] = []
  let { oldStart: old, newStart: now } = hunk
  let [oldAt, nowAt] = [0, 0]
  for (const raw of hunk.lines) {
    const sign = raw[0] ?? ' '
    const last = lines.at(-1)
    if (sign === '\\') {
      if (last !== undefined) last.unended = true
      continue
    }
    const line: Mutable = {
      kind: sign === '+' ? 'added' : sign === '-' ? 'deleted' : 'same',
      text: shownLine(raw.slice(1)),
    }
    if (sign !== '+') Object.assign(line, { old: old++, oldAt: oldAt++ })
    if (sign !== '-') Object.assign(line, { now: now++, nowAt: nowAt++ })
    lines.push(line)
  }
  return lines
}

/** Pairs the lines of a block of deletions with those of the additions that follow it. */
function withOthers(lines: Mutable[]): readonly DiffLine[] {
  for (let at = 0; at < lines.length; ) {
    const deleted = runOf(lines, at, 'deleted')
    const added = runOf(lines, at + deleted, 'added')
    for (let place = 0; place < Math.min(deleted, added); place += 1)
      pair(lines[at + place], lines[at + deleted + place])
    at += Math.max(1, deleted + added)
  }
  return lines as readonly DiffLine[]
}

function runOf(lines: readonly Mutable[], from: number, kind: DiffLine['kind']): number {
  let to = from
  while (lines[to]?.kind === kind) to += 1
  return to - from
}

function pair(deleted: Mutable | undefined, added: Mutable | undefined): void {
  if (deleted === undefined || added === undefined) return
  deleted.other = added.text
  added.other = deleted.text
}
