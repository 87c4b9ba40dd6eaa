const renamed = /([A-Za-z_$][\w$]*)\s*(?:\bas\b|:)\s*([A-Za-z_$][\w$]*)(?=\s*[,}=])/g

/** Names that braces give to others: `{ parse as read }`, `{ parse: read }`; by the new name. */
export function renames(text: string): ReadonlyMap<string, string> {
  return new Map([...text.matchAll(renamed)].map(([, from = '', to = '']) => [to, from]))
}

/** The lines of an import that ends at `index`; the names stand in those just before the module's name. */
export function statementLines(lines: readonly string[], index: number): readonly number[] {
  let start = index
  // What does not begin with the end of a list of names stands by itself.
  const goesUp = /^\s*\}|^\s*[\w$\s,]*\bfrom\b|^\s*(?:await\s+)?(?:require|import)\(/
  if (!goesUp.test(lines[index] ?? '') || /^\s*(?:import|export)\b/.test(lines[index] ?? '')) return [index]
  while (start > 0 && index - start < 20 && !/^\s*(?:import|const|let|var|export)\b/.test(lines[start] ?? ''))
    start -= 1
  return Array.from({ length: index - start + 1 }, (_, at) => start + at)
}

/** Takes the package as a whole: its default export, or what `require` gives. */
export function bindsWhole(statement: string): boolean {
  return /\bimport\s+(?:type\s+)?(?!type\b)[A-Za-z_$][\w$]*\s*(?:,|from)|\*\s+as\b|(?:const|let|var)\s+[A-Za-z_$][\w$]*\s*=\s*(?:require|await import)\b|^\s*(?:module\.)?exports|require\([^)]*\)\s*[.(]/.test(
    statement,
  )
}
