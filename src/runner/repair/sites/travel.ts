import { escapeRegExp } from '../../../contract/text.ts'
import { isTest, languageOfFile, moduleOf } from '../../languages/index.ts'
import { functionsOf } from './functions.ts'
import { addAll, handOver, isGot, type Known, passed } from './handing.ts'
import { renames } from './imports.ts'
import { mentions } from './names.ts'
import type { SourceFile } from './sourceFile.ts'
import { caughtAt } from './thrown.ts'

const ordinary = new Set(
  `options option data error errors err result results value values name names id key keys default exports module
   require console undefined null true false this self args arg params file path text type string number items item
   list object config test expect assert it describe then catch done callback cb next resolve reject`.split(
    /\s+/,
  ),
)

/** Names by which what the package gives is known: in every file but tests, in tests too, and in one file alone. */
export interface Carriers {
  readonly everywhere: ReadonlySet<string>
  readonly inTests: ReadonlySet<string>
  readonly within: ReadonlyMap<string, ReadonlySet<string>>
  /** In a file, names of what the repository made of it. */
  readonly made: ReadonlyMap<string, ReadonlySet<string>>
  /** In a file, names of what a function of the repository got by calling it. */
  readonly got: ReadonlyMap<string, ReadonlySet<string>>
  /** In a file, what the package calls that which has another name there. */
  readonly renamed: ReadonlyMap<string, ReadonlyMap<string, string>>
}

const rounds = 3
const maxNames = 200

/**
 * Follows what the package gives from name to name: variables, properties, parameters of callbacks, arguments, and from
 * file to file. What a test calls it says nothing of the code that is tested.
 */
export function carriersOf(files: readonly SourceFile[]): Carriers {
  const all = files.map((file): Known => {
    let functions: ReadonlyMap<string, readonly string[]> | undefined
    const read = () => {
      functions ??= functionsOf(file.lines)
      return functions
    }
    return {
      file,
      local: new Set([...file.bound, ...(file.held ?? [])]),
      renamed: new Map(file.renamed),
      made: new Set(),
      got: new Set(),
      functions: read,
      calls: new Map(),
    }
  })
  const byModule = new Map(all.map((one) => [moduleOf(one.file.path), one]))
  const through = (some: readonly Known[], everywhere: Set<string>): Set<string> => {
    for (let round = 0; round < rounds; round += 1)
      for (const one of some) {
        takeOver(one, byModule, everywhere)
        handOver(one, follow(one, everywhere), byModule, everywhere)
      }
    return everywhere
  }
  const everywhere = through(
    all.filter(({ file }) => !isTest(file.path)),
    new Set(),
  )
  const inTests = through(
    all.filter(({ file }) => isTest(file.path)),
    new Set(everywhere),
  )
  const within = new Map(all.map(({ file, local }) => [file.path, local]))
  const made = new Map(all.map((one) => [one.file.path, one.made]))
  return {
    everywhere,
    inTests,
    within,
    made,
    got: new Map(all.map((one) => [one.file.path, one.got])),
    renamed: new Map(all.map((one) => [one.file.path, one.renamed])),
  }
}

/** What a file takes from others that have it from the package, through files that only hand it on as well. */
function takeOver(
  { file, local, renamed, made, got }: Known,
  byModule: ReadonlyMap<string, Known>,
  everywhere: Set<string>,
) {
  for (const { module, names } of file.links.takes)
    for (const [there, here] of names) {
      const found = givenBy(there, module, byModule, everywhere)
      if (found === undefined) continue
      local.add(here)
      const [from, value] = [byModule.get(module), byModule.get(module)?.file.links.gives().get(there)]
      if (from?.made.has(there) === true) made.add(here)
      if (from !== undefined && isGot(value ?? there, from, everywhere)) got.add(here)
      if (found !== '' && found !== here && found !== 'default') renamed.set(here, found)
    }
}

/**
 * What the package calls that which a module gives by a name: nothing where it is made of the package's, undefined where
 * it has nothing of it.
 */
function givenBy(
  name: string,
  module: string,
  byModule: ReadonlyMap<string, Known>,
  everywhere: ReadonlySet<string>,
  seen: ReadonlySet<string> = new Set(),
): string | undefined {
  const one = byModule.get(module)
  if (one === undefined || seen.has(module)) return undefined
  const onward = one.file.links.takes.filter((next) => next.onward)
  if (one.local.size === 0 && everywhere.size === 0 && onward.length === 0) return undefined
  const value = one.file.links.gives().get(name)
  if (value !== undefined && mentions(value, { local: one.local, everywhere }))
    return one.renamed.get(value) ?? (one.file.bound.has(value) ? value : '')
  if (value === undefined && one.file.bound.has(name)) return one.renamed.get(name) ?? name
  for (const next of onward) {
    const there = next.names.length === 0 ? name : next.names.find(([, here]) => here === name)?.[0]
    if (there === undefined) continue
    const found = givenBy(there, next.module, byModule, everywhere, new Set([...seen, module]))
    if (found !== undefined) return found
  }
  return undefined
}

const identifier = '[A-Za-z_$][\\w$]*'
const declared = new RegExp(
  `(?:const|let|var|final|type|for \\((?:const|let)?)\\s+(?:[\\w<>,\\s]+\\s)?(${identifier})(?:\\s*:[^=]+)?\\s*(?:=(?!>)|of\\b)(.*)$`,
)
/** The value of a variable begins on the next line. */
const goesOn = /^\s*(?:const|let|var)\b.*=.*\(\s*$/
const taken = /(?:const|let|var)\s*\{([^}]*)\}\s*=(.*)$/
const property = new RegExp(`\\b(${identifier})\\??\\s*:|\\.(${identifier})\\s*=(?!=|>)`, 'g')
/** Where the value of a property ends: the next one begins. */
const nextProperty = /,\s*[\w$]+\s*[:,}]/
const derived = new RegExp(`class\\s+(${identifier})[^{]*\\b(?:extends|implements)\\s+(.*)$`)
const callback = /(?:\(([^()]*)\)|(?<![\w$])([A-Za-z_$][\w$]*))\s*=>|function\s*\w*\(([^()]*)\)/

/** Gives the lines that call something with what the package gives on them. */
function follow(one: Known, everywhere: Set<string>): readonly string[] {
  const { file, local, renamed, made, got } = one
  const { lines } = file
  const calling: string[] = []
  if (local.size === 0 && everywhere.size === 0) return calling
  const known = { local, everywhere }
  const uses = (text: string) => mentions(text, known)
  for (const [index, line] of lines.entries()) {
    if (line.length > 500 || local.size + everywhere.size > maxNames) continue
    const error = caughtAt(lines, index, uses)
    if (error !== undefined) local.add(error)
    const statement = goesOn.test(line) ? `${line} ${lines[index + 1] ?? ''}` : line
    if (!uses(statement)) continue
    if (/[\w$]\([^)]/.test(line)) calling.push(line)
    const own = declared.exec(statement)
    if (own?.[1] !== undefined && uses(own[2] ?? '')) {
      local.add(own[1])
      if (isMade(own[1], own[2] ?? '')) made.add(own[1])
      if (isGot(own[2] ?? '', one, everywhere)) got.add(own[1])
    }
    const parts = taken.exec(line)
    if (parts?.[1] !== undefined && uses(parts[2] ?? '')) {
      addAll(local, names(parts[1]))
      if (isGot(parts[2] ?? '', one, everywhere)) addAll(got, names(parts[1]))
      for (const [to, from] of renames(`{${parts[1]}}`)) renamed.set(to, from)
    }
    const [, fresh, back = fresh] = returned.exec(line) ?? []
    if (back !== undefined && uses(back)) {
      const name = functionAround(file, index)
      if (called.test(line) && !local.has(name)) got.add(name)
      addAll(local, [name])
    }
    const base = derived.exec(line)
    if (base?.[1] !== undefined && uses(base[2] ?? '')) {
      local.add(base[1])
      // Files that know their neighbours need no import.
      if (languageOfFile(file.path)?.knowsNeighbours === true) everywhere.add(base[1])
    }
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
  return calling
}

/** A value that is neither loaded nor a member of the same name: `const log = lib.log.child()`. */
function isMade(name: string, value: string): boolean {
  if (/\b(?:require|import)\(/.test(value)) return false
  return !new RegExp(`(?<![\\w$])${escapeRegExp(name)}\\s*;?\\s*$`).test(value)
}

/** A function gives an object of the package: `return new Client(…)`, `return client`, `return lib.create(…)`. */
const returned =
  /^\s*return\s+(?:await\s+)?(?:new\s+([A-Za-z_$][\w$.]*)|([A-Za-z_$][\w$.]*)(?:\(.*|\s*;?\s*)$)/

const called = /^\s*return\s+(?:await\s+)?[A-Za-z_$][\w$.]*\(/

/** The function declaration that a line stands in directly. */
function functionAround({ openAt }: SourceFile, index: number): string {
  const open = openAt(index)
  return open?.sign === '{' ? (/\bfunction\s+([\w$]+)\s*\([^()]*\)[^(){}]*$/.exec(open.head)?.[1] ?? '') : ''
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
