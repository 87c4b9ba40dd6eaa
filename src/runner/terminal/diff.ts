import type { Colors } from './colors.ts'
import { printable } from './text.ts'

/** A unified diff with its lines coloured; every line is made printable first. */
export function colouredDiff(text: string, c: Colors): string {
  return printable(text)
    .split('\n')
    .map((line) => colouredLine(line, c))
    .join('\n')
}

function colouredLine(line: string, c: Colors): string {
  if (line.startsWith('diff --git')) return c.bold(line)
  if (/^(index|new file|deleted file|old mode|new mode|---|\+\+\+)/.test(line)) return c.dim(line)
  if (line.startsWith('@@')) return c.cyan(line)
  if (line.startsWith('+')) return c.green(line)
  if (line.startsWith('-')) return c.red(line)
  return line
}
