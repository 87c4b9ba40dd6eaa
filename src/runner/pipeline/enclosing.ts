import { readSections } from '../patch/sections.ts'

const head =
  /^\s*(?:(?:export|default|public|private|protected|static|async|final|abstract|override)\s+)*(?:function\b|class\b|interface\b|(?:const|let|var)\s+\w+\s*=.*(?:=>|function)|(?:[\w<>[\],.?]+\s+)?[\w$#]+\s*\([^;]*\)\s*(?::[^{;]*|throws [\w., ]+)?\{)|^\s*(?:test|it|describe)\(|(?:exports|module\.exports)[\w.]*\s*=.*(?:=>|function)/
const longest = 60

function indentOf(line: string): number {
  return line.search(/\S/)
}

/** The lines of the innermost function or class around a line, by indentation; undefined where there is none. */
function around(lines: readonly string[], at: number): readonly [number, number] | undefined {
  const own = indentOf(lines[at] ?? '')
  let start = at
  while (start >= 0) {
    const line = lines[start] ?? ''
    if (
      line.length < 500 &&
      head.test(line) &&
      (start === at || indentOf(line) < (own < 0 ? Number.POSITIVE_INFINITY : own))
    )
      break
    start -= 1
  }
  if (start < 0) return undefined
  const indent = indentOf(lines[start] ?? '')
  let end = Math.max(at, start)
  while (end + 1 < lines.length) {
    const next = lines[end + 1] ?? ''
    if (next.trim() !== '' && indentOf(next) <= indent) {
      if (/^\s*[)}\]]/.test(next)) end += 1
      break
    }
    end += 1
  }
  return [start, Math.min(end, start + longest)]
}

/** New line numbers, from 0, at which a patch changes a file. */
function changedLines(hunks: ReturnType<typeof readSections>[number]['hunks']): readonly number[] {
  return hunks.flatMap(({ newStart, lines }) => {
    let line = newStart - 1
    return lines.flatMap((text) => {
      if (text.startsWith('-')) return [line]
      if (text.startsWith('\\')) return []
      line += 1
      return text.startsWith('+') ? [line - 1] : []
    })
  })
}

/** The functions around a patch's changes, whole, of files as it leaves them. */
export async function enclosingFunctions(
  patch: string,
  read: (path: string) => Promise<string | undefined>,
): Promise<string> {
  const parts: string[] = []
  for (const { path, status, hunks } of readSections(patch)) {
    if (status !== 'modified' || !/\.(?:[cm]?[jt]sx?|vue|svelte|java|kt|groovy|scala)$/.test(path)) continue
    const lines = (await read(path))?.split(/\r?\n/)
    if (lines === undefined) continue
    const ranges = new Map<number, number>()
    for (const at of changedLines(hunks)) {
      const range = around(lines, at)
      if (range !== undefined) ranges.set(range[0], Math.max(range[1], ranges.get(range[0]) ?? 0))
    }
    const shown = [...ranges].map(
      ([from, to]) => `${path}:${from + 1}\n${lines.slice(from, to + 1).join('\n')}`,
    )
    parts.push(...shown)
  }
  return parts.join('\n\n')
}
