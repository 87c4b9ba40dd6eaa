import { escapeRegExp } from '../../../contract/text.ts'
import { isTest, languages } from '../../languages/index.ts'
import { bindsWhole, statementLines } from './imports.ts'
import { functionsFor, type Place, wordsIn } from './members.ts'
import { mentions, type Names, usesOf } from './names.ts'
import { type SourceFile, statementAt } from './sourceFile.ts'
import type { Terms } from './terms.ts'
import type { Carriers } from './travel.ts'

/** How sure it is that a line has to change: it meets what is gone, what is different, or only what the package gives. */
export type Weight = 'gone' | 'changed' | 'use' | 'import'

export interface Use {
  readonly index: number
  readonly weight: Weight
  readonly words: readonly string[]
}

interface Patterns {
  readonly members: ReadonlySet<string>
  readonly values: RegExp | undefined
  readonly strings: RegExp | undefined
  readonly modules: RegExp | undefined
  /** A name in full that begins with one of the artifact's namespaces. */
  readonly whole: RegExp | undefined
}

export function patternsOf({ gone, changed, values, strings, modules, names }: Terms): Patterns {
  const [quoted, said] = [[...values].map(escapeRegExp), [...strings].map(escapeRegExp)]
  return {
    members: new Set([...gone, ...changed]),
    values: quoted.length === 0 ? undefined : new RegExp(`(?<![\\w$-])(${quoted.join('|')})(?![\\w$-])`),
    strings: said.length === 0 ? undefined : new RegExp(`['"\`](${said.join('|')})['"\`]`),
    modules: modules.size === 0 ? undefined : loadPattern([...modules]),
    whole: wholeName(names),
  }
}

/** A line that loads one of the modules, in whatever language has such. */
function loadPattern(modules: readonly string[]): RegExp | undefined {
  const all = languages.flatMap((one) => one.modulePattern?.(modules).source ?? [])
  return all.length === 0 ? undefined : new RegExp(all.join('|'))
}

function wholeName(names: readonly string[]): RegExp | undefined {
  const packages = new Set(names.map((name) => name.replace(/\.[A-Z].*$/, '')))
  if (packages.size === 0) return undefined
  return new RegExp(`(?:^|[^\\w.])(?:${[...packages].map(escapeRegExp).join('|')})\\.[A-Z]`)
}

/** What is loaded is called there and then. */
const callsAtOnce = /\brequire\([^()]*\)(?:\.[\w$]+)?\(/

/** A compiler reads the file which knows types: where it said nothing of what is merely different, that fits. */
function isTyped(path: string): boolean {
  return languages.some(({ typed }) => typed?.test(path) === true)
}

const nothing: ReadonlySet<string> = new Set()

/** Lines of a file that meet what changed, or that use what the package gives. */
export function usesIn(file: SourceFile, terms: Terms, patterns: Patterns, known: Knowledge): readonly Use[] {
  const { lines, imports } = file
  const names = namesIn(file, known.carriers)
  const place = placeOf(file, patterns, known)
  const statements = new Map(
    imports.flatMap((at) => statementLines(lines, at).map((line) => [line, at] as const)),
  )
  const direct = terms.whole && !terms.callable ? wholeCalls(file) : undefined
  const owners = new Set([...terms.owners].filter((owner) => names.local.has(owner)))
  const isHeld = names.local.size + names.everywhere.size > 0
  const members = isHeld || place.feeds || patterns.whole !== undefined ? patterns.members : nothing
  const wanted = { ...terms, members }
  const got = known.carriers.got.get(file.path) ?? nothing
  const own = got.size === 0 ? names : without(names, got)
  const useOf = (line: string, index: number): Use | undefined => {
    const at = statements.get(index)
    const here = at === undefined ? place : { ...place, isBound: (word: string) => file.bound.has(word) }
    const words = [
      ...wordsIn(line, index, wanted, here),
      ...(at === undefined ? functionsFor(line, owners) : []),
    ]
    const value = patterns.values?.exec(line)?.[1]
    const said = place.feeds && at === undefined ? patterns.strings?.exec(line)?.[1] : undefined
    const found = [...words, value, said].filter((word) => word !== undefined)
    const sure =
      value !== undefined ||
      words.some((word) => terms.gone.has(word)) ||
      patterns.modules?.test(line) === true ||
      direct?.test(line) === true ||
      (at !== undefined && terms.whole && bindsWhole(statementAt(lines, at))) ||
      (at !== undefined && terms.esm && /\brequire\(/.test(line))
    if (sure) return { index, weight: 'gone', words: found }
    // To name what is merely different, in an import or an export, is no use of it.
    if ((at !== undefined && !callsAtOnce.test(line)) || (found.length > 0 && onlyNames.test(line)))
      return { index, weight: 'import', words }
    if (found.length > 0) return { index, weight: isFit(said, words) ? 'use' : 'changed', words: found }
    if (at !== undefined) return { index, weight: 'use', words }
    return isHeld && looksInto(line, own) ? { index, weight: 'use', words } : undefined
  }
  // A compiler takes a promise that nobody waits for.
  const isFit = (said: string | undefined, words: readonly string[]) =>
    terms.checked &&
    isTyped(file.path) &&
    said === undefined &&
    !words.some((word) => terms.promised.has(word))
  return lines.flatMap((line, index) => {
    if (line.length > 500 || /^\s*(?:\/\/|\*|\/\*|#)/.test(line)) return []
    return useOf(line, index) ?? []
  })
}

/** Names that a line of the file may hold what the package gives by. */
export function namesIn({ path }: SourceFile, { everywhere, inTests, within }: Carriers): Names {
  return { local: within.get(path) ?? new Set(), everywhere: isTest(path) ? inTests : everywhere }
}

function without({ local, everywhere }: Names, some: ReadonlySet<string>): Names {
  const kept = (all: ReadonlySet<string>) => new Set([...all].filter((name) => !some.has(name)))
  return { local: kept(local), everywhere: kept(everywhere) }
}

function placeOf(
  file: SourceFile,
  { whole, members }: Patterns,
  { carriers, fed, certain }: Knowledge,
): Place {
  const names = namesIn(file, carriers)
  const renamed = carriers.renamed.get(file.path) ?? new Map<string, string>()
  return {
    file,
    carries: (text) => mentions(text, names) || whole?.test(text) === true,
    isBound: (word) =>
      (certain === true ? file.bound : names.local).has(word) &&
      carriers.made.get(file.path)?.has(word) !== true,
    renamed,
    aliases: new Set([...renamed].filter(([, member]) => members.has(member)).map(([name]) => name)),
    feeds: file.imports.length > 0 || fed(file),
    ...(certain === true ? { certain } : {}),
  }
}

/** Calls what the package gives, looks into it or asks what it is; to hand it on is no use of it. */
function looksInto(line: string, names: Names): boolean {
  if (onlyNames.test(line)) return false
  for (const [name, at] of usesOf(line, names)) {
    if (/^(?:\??\.|\(|\[|<|\)\.)/.test(line.slice(at + name.length))) return true
    if (/(?:typeof|instanceof|new|extends|of|in|await)\s+$/.test(line.slice(0, at))) return true
  }
  return false
}

/** Imports, exports and heads of functions name things and do nothing with them. */
const onlyNames =
  /^\s*(?:import|export)\b.*\bfrom\b|^\s*(?:module\.)?exports\b\s*=|^\s*(?:async\s+)?function\b|=\s*(?:await\s+)?(?:require|import)\(/

export interface Knowledge {
  readonly carriers: Carriers
  /** Whether a file makes what is handed to the package. */
  readonly fed: (file: SourceFile) => boolean
  /** Only what is known to be the package's counts. */
  readonly certain?: true
}

/** Takes one member of what it loads, and not the package; its default is the package by another door. */
const takesMember = /\brequire\([^()]*\)\s*\.(?!default\b)/

/** Calls of the package itself, by the name that a file gives it. */
function wholeCalls({ lines, imports }: SourceFile): RegExp | undefined {
  const names = imports.flatMap((at) => {
    const statement = statementAt(lines, at)
    if (takesMember.test(statement)) return []
    return /(?:import|const|let|var)\s+([A-Za-z_$][\w$]*)\s*(?:=|from)/.exec(statement)?.[1] ?? []
  })
  if (names.length === 0) return undefined
  return new RegExp(`(?<![\\w$.])(?:${names.map(escapeRegExp).join('|')})\\(`)
}
