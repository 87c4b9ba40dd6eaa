/** Names that a line may hold: those of its file, and those that hold in every file. */
export interface Names {
  readonly local: ReadonlySet<string>
  readonly everywhere: ReadonlySet<string>
}

const identifier = /(?<![\w$-])[A-Za-z_$][\w$]*(?![\w$-])/g

/**
 * Where a text uses one of the names: one of the file not as a property of something else, a single letter only where
 * it is called or looked into.
 */
export function* usesOf(text: string, { local, everywhere }: Names): Generator<readonly [string, number]> {
  if (local.size + everywhere.size === 0) return
  for (const { 0: name, index } of text.matchAll(identifier)) {
    if (name.length === 1 && !/[.([`]/.test(text[index + 1] ?? '')) continue
    if (everywhere.has(name) || (local.has(name) && text[index - 1] !== '.')) yield [name, index]
  }
}

export function mentions(text: string, names: Names): boolean {
  return usesOf(text, names).next().done !== true
}
