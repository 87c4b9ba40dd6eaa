/** Cut before each line that begins with `mark`; `\n` alone ends a line. */
export function splitBefore(text: string, mark: string): readonly string[] {
  const parts: string[] = []
  let from = 0
  while (from < text.length) {
    const next = text.indexOf(`\n${mark}`, from)
    const to = next === -1 ? text.length : next + 1
    parts.push(text.slice(from, to))
    from = to
  }
  return parts
}

/** The files of a patch that the runner has read, each as its text, in the order of the runner's own list. */
export function patchSections(text: string): readonly string[] {
  return splitBefore(text, 'diff --git ')
}
