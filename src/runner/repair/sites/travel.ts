import { escapeRegExp } from '../../../contract/text.ts'
import { isTest, languageOfFile, moduleOf } from '../../languages/index.ts'
import { functionsOf } from './functions.ts'
import { addAll, handOver, isGot, isNear, type Known, learn, passed } from './handing.ts'
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
  const all = files.map(knownOf)
  const byModule = new Map(all.map((one) => [moduleOf(one.file.path), one]))
  const isRare = rareIn(all)
  const through = (some: readonly Known[], everywhere: Set<string>): Set<string> => {
    for (let round = 0; round < rounds; round += 1)
      for (const one of some) {
        takeOver(one, byModule, everywhere)
        handOver(one, follow(one, everywhere, isRare), byModule, everywhere)
      }
    return everywhere
  }
  const [inCode, inTests] = [
    all.filter(({ file }) => !isTest(file.path)),
    all.filter(({ file }) => isTest(file.path)),
  ]
  const everywhere = through(inCode, new Set())
  return { everywhere, inTests: through(inTests, new Set(everywhere)), ...byPath(all, ({ local }) => local) }
}

/** Those of files that import the package, without what only may be of it: for what is said to be so. */
export function certainCarriersOf(files: readonly SourceFile[]): Carriers {
  const all = files.filter(({ imports }) => imports.length > 0).map(knownOf)
  for (const one of all)
    for (let round = 0; round < rounds; round += 1)
      handOver(
        one,
        follow(one, new Set(), () => false),
        new Map(),
        nothing,
      )
  const certain = ({ file, near, got }: Known) =>
    new Set([...near].filter((name) => file.bound.has(name) || !(got.has(name) || isOrdinary(name))))
  return { everywhere: nothing, inTests: nothing, ...byPath(all, certain) }
}

function knownOf(file: SourceFile): Known {
  let functions: ReadonlyMap<string, readonly string[]> | undefined
  const own = [...file.bound, ...(file.held ?? [])]
  return {
    ...{ file, local: new Set(own), near: new Set(own), renamed: new Map(file.renamed) },
    ...{ made: new Set(), got: new Set(), calls: new Map() },
    functions: () => {
      functions ??= functionsOf(file.lines)
      return functions
    },
  }
}

function byPath(
  all: readonly Known[],
  within: (one: Known) => ReadonlySet<string>,
): Omit<Carriers, 'everywhere' | 'inTests'> {
  const of = <T>(pick: (one: Known) => T) => new Map(all.map((one) => [one.file.path, pick(one)]))
  return {
    within: of(within),
    made: of(({ made }) => made),
    got: of(({ got }) => got),
    renamed: of(({ renamed }) => renamed),
  }
}

/** What a file takes from others that have it from the package, through files that only hand it on as well. */
function takeOver(taker: Known, byModule: ReadonlyMap<string, Known>, everywhere: Set<string>) {
  const { file, renamed, made, got } = taker
  for (const { module, names } of file.links.takes)
    for (const [there, here] of names) {
      const found = givenBy(there, module, byModule)
      if (found === undefined) continue
      learn(taker, [here], true)
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
  seen: ReadonlySet<string> = new Set(),
): string | undefined {
  const one = byModule.get(module)
  if (one === undefined || seen.has(module)) return undefined
  const onward = one.file.links.takes.filter((next) => next.onward)
  if (one.near.size === 0 && onward.length === 0) return undefined
  const value = one.file.links.gives().get(name)
  if (value !== undefined && isNear(value, one))
    return one.renamed.get(value) ?? (one.file.bound.has(value) ? value : '')
  if (value === undefined && one.file.bound.has(name)) return one.renamed.get(name) ?? name
  for (const next of onward) {
    const there = next.names.length === 0 ? name : next.names.find(([, here]) => here === name)?.[0]
    if (there === undefined) continue
    const found = givenBy(there, next.module, byModule, new Set([...seen, module]))
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
const derived = new RegExp(`class\\s+(${identifier})[^{]*\\b(?:extends|implements)\\s+(.*)$`)
const callback = /(?:\(([^()]*)\)|(?<![\w$])([A-Za-z_$][\w$]*))\s*=>|function\s*\w*\(([^()]*)\)/

/** Lines that hold nothing but comment: what they say is nobody's value. */
function commentLines(lines: readonly string[]): ReadonlySet<number> {
  const found = new Set<number>()
  let isOpen = false
  for (const [index, line] of lines.entries()) {
    if (isOpen || /^\s*(?:\/\/|\/\*|\*|#)/.test(line)) found.add(index)
    isOpen = isOpen ? !line.includes('*/') : /^\s*\/\*/.test(line) && !line.includes('*/')
  }
  return found
}

/** Gives the lines that call something with what the package gives on them. */
function follow(one: Known, everywhere: Set<string>, isRare: (name: string) => boolean): readonly string[] {
  const { file, local, near, renamed, made, got } = one
  const { lines } = file
  const calling: string[] = []
  const comments = commentLines(lines)
  if (local.size === 0 && everywhere.size === 0) return calling
  const known = { local, everywhere }
  const uses = (text: string) => mentions(text, known)
  const isOwn = (text: string) => isNear(text, one)
  for (const [index, line] of lines.entries()) {
    if (line.length > 500 || comments.has(index) || local.size + everywhere.size > maxNames) continue
    const error = caughtAt(lines, index, uses)
    if (error !== undefined) learn(one, [error], caughtAt(lines, index, isOwn) !== undefined)
    const statement = goesOn.test(line) ? `${line} ${lines[index + 1] ?? ''}` : line
    if (!uses(statement)) continue
    if (/[\w$]\([^)]/.test(line)) calling.push(line)
    const own = declared.exec(statement)
    if (own?.[1] !== undefined && uses(own[2] ?? '')) {
      learn(one, [own[1]], isOwn(own[2] ?? ''))
      if (isMade(own[1], own[2] ?? '')) made.add(own[1])
      if (isGot(own[2] ?? '', one, everywhere)) got.add(own[1])
    }
    const parts = taken.exec(line)
    if (parts?.[1] !== undefined && uses(parts[2] ?? '')) {
      learn(one, names(parts[1]), isOwn(parts[2] ?? ''))
      if (isGot(parts[2] ?? '', one, everywhere)) addAll(got, names(parts[1]))
      for (const [to, from] of renames(`{${parts[1]}}`)) renamed.set(to, from)
    }
    const [, fresh, back = fresh] = returned.exec(line) ?? []
    if (back !== undefined && uses(back)) {
      const name = functionAround(file, index)
      if (called.test(line) && !local.has(name)) got.add(name)
      learn(one, [name], isOwn(back))
    }
    const base = derived.exec(line)
    if (base?.[1] !== undefined && uses(base[2] ?? '')) {
      learn(one, [base[1]], isOwn(base[2] ?? ''))
      // Files that know their neighbours need no import.
      if (languageOfFile(file.path)?.knowsNeighbours === true) everywhere.add(base[1])
    }
    const handed = [...shorthands(line), ...passed(line)].filter((name) => near.has(name))
    share(everywhere, [...holders(line, isOwn), ...handed].filter(isRare))
    const given = callback.exec(line)
    const before = line.slice(0, given?.index ?? 0)
    if (given !== null && uses(before) && /\(/.test(before))
      learn(one, names(given[1] ?? given[2] ?? given[3] ?? ''), isOwn(before))
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

/** What a value begins with: a name of the package further on is a condition or an argument, and no part of it. */
const beginning = /^\s*(?:(?:await|new|async)\s+)*[\w$.]+/
/** `a ? b : c`, and no `a?.b`. */
const conditional = /^[^,{(]*\?(?![.?])/

/** Properties that are given something of the package. */
function holders(line: string, uses: (text: string) => boolean): readonly string[] {
  return [...line.matchAll(property)].flatMap((match) => {
    const value = line.slice(match.index + match[0].length)
    const name = match[1] ?? match[2]
    const given = conditional.test(value) ? '' : (beginning.exec(value)?.[0] ?? '')
    return name !== undefined && uses(given) ? [name] : []
  })
}

/** Files without anything of the package that may have a name; where more do it is a word of many things. */
const mostStrangers = 3

/** Whether a name is one that hardly any file has which has nothing of the package by its own imports. */
function rareIn(all: readonly Known[]): (name: string) => boolean {
  const found = new Map<string, boolean>()
  return (name) => {
    const known = found.get(name)
    if (known !== undefined) return known
    const names = { local: nothing, everywhere: new Set([name]) }
    const isStranger = ({ file, near }: Known) =>
      near.size === 0 && file.lines.some((line) => mentions(line, names))
    const isRare = all.filter(isStranger).length <= mostStrangers
    found.set(name, isRare)
    return isRare
  }
}

const nothing: ReadonlySet<string> = new Set()

function share(everywhere: Set<string>, more: readonly string[]): void {
  for (const name of more) if (!isOrdinary(name)) everywhere.add(name)
}

/** A name that any file may have for anything. */
function isOrdinary(name: string): boolean {
  return name.length < 3 || ordinary.has(name.toLowerCase())
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
