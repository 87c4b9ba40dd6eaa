import { boundNames, type Imported, importPattern, statementLines } from './imports.ts'
import { mentions } from './names.ts'

/** A source file in lines, with what it binds of the package. */
export interface SourceFile {
  readonly path: string
  readonly lines: readonly string[]
  /** Indices of lines that import the package. */
  readonly imports: readonly number[]
  readonly bound: ReadonlySet<string>
}

export function sourceFile(path: string, text: string, wish: Imported): SourceFile {
  const lines = text.split(/\r?\n/)
  const pattern = importPattern(wish)
  const imports = lines.flatMap((line, index) => (pattern.test(line) ? [index] : []))
  const statements = imports.map((at) =>
    statementLines(lines, at)
      .map((one) => lines[one])
      .join(' '),
  )
  return { path, lines, imports, bound: new Set(statements.flatMap(boundNames).slice(0, 60)) }
}

const ordinary = new Set(
  `options option data error errors err result results value values name names id key keys default exports module
   require console undefined null true false this self args arg params file path text type string number items item
   list object config test expect assert it describe then catch done callback cb next resolve reject`.split(
    /\s+/,
  ),
)

export const isTest =
  /(?:^|\/)(?:tests?|spec|__tests__|src\/test)\/|\.(?:test|spec)\.\w+$|(?:Test|Tests|IT)\.\w+$/

/** Names by which what the package gives is known: in every file but tests, in tests too, and in one file alone. */
export interface Carriers {
  readonly everywhere: ReadonlySet<string>
  readonly inTests: ReadonlySet<string>
  readonly within: ReadonlyMap<string, ReadonlySet<string>>
}

const rounds = 3
const maxNames = 200

/**
 * Follows what the package gives from name to name: variables, properties, parameters of callbacks, arguments. What a
 * test calls it says nothing of the code that is tested.
 */
export function carriersOf(files: readonly SourceFile[]): Carriers {
  const within = new Map(files.map(({ path, bound }) => [path, new Set(bound)]))
  const through = (some: readonly SourceFile[], everywhere: Set<string>): Set<string> => {
    for (let round = 0; round < rounds; round += 1)
      for (const file of some) follow(file, within.get(file.path) ?? new Set(), everywhere)
    return everywhere
  }
  const everywhere = through(
    files.filter(({ path }) => !isTest.test(path)),
    new Set(),
  )
  const inTests = through(
    files.filter(({ path }) => isTest.test(path)),
    new Set(everywhere),
  )
  return { everywhere, inTests, within }
}

const identifier = '[A-Za-z_$][\\w$]*'
const declared = new RegExp(
  `(?:const|let|var|final|for \\((?:const|let)?)\\s+(?:[\\w<>,\\s]+\\s)?(${identifier})(?:\\s*:[^=]+)?\\s*(?:=(?!>)|of\\b)(.*)$`,
)
const taken = /(?:const|let|var)\s*\{([^}]*)\}\s*=(.*)$/
const property = new RegExp(`\\b(${identifier})\\??\\s*:|\\.(${identifier})\\s*=(?!=|>)`, 'g')
/** Where the value of a property ends: the next one begins. */
const nextProperty = /,\s*[\w$]+\s*[:,}]/
const derived = new RegExp(`class\\s+(${identifier})[^{]*\\bextends\\s+(.*)$`)
const callback = /(?:\(([^()]*)\)|(?<![\w$])([A-Za-z_$][\w$]*))\s*=>|function\s*\w*\(([^()]*)\)/

function follow({ lines }: SourceFile, local: Set<string>, everywhere: Set<string>): void {
  const known = { local, everywhere }
  const uses = (text: string) => mentions(text, known)
  for (const line of lines) {
    if (line.length > 500 || local.size + everywhere.size > maxNames) continue
    if (!uses(line)) continue
    const own = declared.exec(line)
    if (own?.[1] !== undefined && uses(own[2] ?? '')) local.add(own[1])
    const parts = taken.exec(line)
    if (parts?.[1] !== undefined && uses(parts[2] ?? '')) addAll(local, names(parts[1]))
    const base = derived.exec(line)
    if (base?.[1] !== undefined && uses(base[2] ?? '')) local.add(base[1])
    share(everywhere, holders(line, uses))
    share(
      everywhere,
      shorthands(line).filter((name) => local.has(name)),
    )
    const given = callback.exec(line)
    if (given !== null && uses(line.slice(0, given.index)) && /\(/.test(line.slice(0, given.index)))
      addAll(local, names(given[1] ?? given[2] ?? given[3] ?? ''))
    share(
      everywhere,
      passed(line).filter((name) => local.has(name)),
    )
  }
}

/** Properties that are given something of the package. */
function holders(line: string, uses: (text: string) => boolean): readonly string[] {
  return [...line.matchAll(property)].flatMap((match) => {
    const value = line.slice(match.index + match[0].length)
    const name = match[1] ?? match[2]
    const end = match[1] === undefined ? -1 : value.search(nextProperty)
    return name !== undefined && uses(end < 0 ? value : value.slice(0, end)) ? [name] : []
  })
}

function addAll(set: Set<string>, more: readonly string[]): void {
  for (const name of more) if (!['type', 'const'].includes(name)) set.add(name)
}

function share(everywhere: Set<string>, more: readonly string[]): void {
  for (const name of more) if (name.length > 1 && !ordinary.has(name.toLowerCase())) everywhere.add(name)
}

/** Names in a pattern or a list of parameters: `{ a, b: c }` binds a and c. */
function names(list: string): readonly string[] {
  return list
    .split(',')
    .map(
      (part) =>
        /([A-Za-z_$][\w$]*)\s*(?::[^:]*|=.*)?$/.exec(
          part
            .replace(/^.*\b\w+\s*:\s*(?=[A-Za-z_$]+\s*$)/, '')
            .replace(/[{}[\].]/g, '')
            .trim(),
        )?.[1],
    )
    .filter((name) => name !== undefined)
}

/** Names that stand alone in braces, as in `return { cache, settings }` and `module.exports = { cache }`. */
function shorthands(line: string): readonly string[] {
  if (/^\s*import\b|\brequire\(/.test(line)) return []
  const inside = /(?:return|exports|=|\(|export)\s*\{([^{}]*)\}/.exec(line)?.[1] ?? ''
  return inside
    .split(',')
    .map((part) => part.trim())
    .filter((part) => /^[A-Za-z_$][\w$]*$/.test(part))
}

/** Names that a call hands on as they are. */
function passed(line: string): readonly string[] {
  return [...line.matchAll(/[\w$]\(([^()]*)\)/g)].flatMap(([, list = '']) =>
    list
      .split(',')
      .map((part) => part.trim())
      .filter((part) => /^[A-Za-z_$][\w$]*$/.test(part)),
  )
}
