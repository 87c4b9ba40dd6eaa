/** Names that a line may hold: those of its file, and those that hold in every file. */
export interface Names {
  readonly local: ReadonlySet<string>
  readonly everywhere: ReadonlySet<string>
}

const identifier = /[A-Za-z_$][\w$]*/g
const partOfWord = /[\w$-]/

/**
 * Where a text uses one of the names: one of the file not as a property of something else, a single letter only where
 * it is called or looked into.
 */
export function* usesOf(text: string, { local, everywhere }: Names): Generator<readonly [string, number]> {
  if (local.size + everywhere.size === 0) return
  for (const { 0: name, index } of text.matchAll(identifier)) {
    if (!everywhere.has(name) && !(local.has(name) && text[index - 1] !== '.')) continue
    const [before = '', after = ''] = [text[index - 1], text[index + name.length]]
    if (partOfWord.test(before) || after === '-') continue
    if (name.length > 1 || /[.([`]/.test(after)) yield [name, index]
  }
}

export function mentions(text: string, names: Names): boolean {
  return usesOf(text, names).next().done !== true
}
