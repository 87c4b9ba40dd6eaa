import type { DiffFile, DiffHunk, DiffLine } from './patch.ts'

export type DiffRow =
  | { readonly kind: 'file'; readonly key: string; readonly file: DiffFile; readonly open: boolean }
  | { readonly kind: 'note'; readonly key: string; readonly file: DiffFile; readonly text: string }
  | { readonly kind: 'hunk'; readonly key: string; readonly file: DiffFile; readonly hunk: DiffHunk }
  | {
      readonly kind: 'lines'
      readonly key: string
      readonly file: DiffFile
      readonly hunk: DiffHunk
      /** One line, or side by side the two of a row. */
      readonly left?: DiffLine
      readonly right?: DiffLine
      /** Of its file. */
      readonly last?: boolean
    }

export type DiffLayout = 'unified' | 'split'

/** The rows of a diff as they are shown, one after another. */
export function diffRows(
  files: readonly DiffFile[],
  closed: ReadonlySet<string>,
  layout: DiffLayout,
): readonly DiffRow[] {
  return files.flatMap((file) => {
    const open = !closed.has(file.path)
    const key = `${file.at}`
    const head: DiffRow = { kind: 'file', key, file, open }
    if (!open) return [head]
    const notes = file.notes.map((text, at): DiffRow => ({ kind: 'note', key: `${key}n${at}`, file, text }))
    return withLast([head, ...notes, ...file.hunks.flatMap((hunk) => hunkRows(file, hunk, layout))])
  })
}

function withLast(rows: readonly DiffRow[]): readonly DiffRow[] {
  const last = rows.at(-1)
  return last?.kind === 'lines' ? rows.with(-1, { ...last, last: true }) : rows
}

function hunkRows(file: DiffFile, hunk: DiffHunk, layout: DiffLayout): readonly DiffRow[] {
  const key = `${file.at}.${hunk.at}`
  const lines = layout === 'unified' ? hunk.lines.map((left) => ({ left })) : sideBySide(hunk.lines)
  return [
    { kind: 'hunk', key, file, hunk },
    ...lines.map((sides, at): DiffRow => ({ kind: 'lines', key: `${key}.${at}`, file, hunk, ...sides })),
  ]
}

interface Sides {
  readonly left?: DiffLine
  readonly right?: DiffLine
}

/** Deleted lines on the left, the added ones that follow them on the right. */
function sideBySide(lines: readonly DiffLine[]): readonly Sides[] {
  const rows: Sides[] = []
  let deleted: DiffLine[] = []
  let added: DiffLine[] = []
  const flush = () => {
    for (let at = 0; at < Math.max(deleted.length, added.length); at += 1) {
      const [left, right] = [deleted[at], added[at]]
      rows.push({ ...(left === undefined ? {} : { left }), ...(right === undefined ? {} : { right }) })
    }
    deleted = []
    added = []
  }
  for (const line of lines) {
    if (line.kind === 'deleted' && added.length > 0) flush()
    if (line.kind === 'deleted') deleted.push(line)
    else if (line.kind === 'added') added.push(line)
    else {
      flush()
      rows.push({ left: line, right: line })
    }
  }
  flush()
  return rows
}

/** Key of the row that shows a line of an open file. */
export function rowOf(file: DiffFile, line: DiffLine, layout: DiffLayout): string | undefined {
  const rows = diffRows([file], new Set(), layout)
  return rows.find((row) => row.kind === 'lines' && (row.left === line || row.right === line))?.key
}

/** Files that nobody reads line by line start closed. */
export function closedAtFirst(files: readonly DiffFile[]): ReadonlySet<string> {
  return new Set(files.filter(({ role }) => role === 'lockfile').map(({ path }) => path))
}
