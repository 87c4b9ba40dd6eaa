const caught = /\bcatch\s*\(\s*([A-Za-z_$][\w$]*)/

/** What a line catches of a block above it that uses something: its errors are the package's. */
export function caughtAt(
  lines: readonly string[],
  index: number,
  uses: (line: string) => boolean,
): string | undefined {
  const line = lines[index] ?? ''
  const name = line.includes('catch') ? caught.exec(line)?.[1] : undefined
  if (name === undefined) return undefined
  const indent = /^\s*/.exec(line)?.[0].length ?? 0
  for (let at = index; at >= 0; at -= 1) {
    const text = lines[at] ?? ''
    if (at < index && uses(text)) return name
    if (/\btry\b/.test(text) && (/^\s*/.exec(text)?.[0].length ?? 0) <= indent) return undefined
  }
  return undefined
}
