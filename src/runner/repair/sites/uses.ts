import { escapeRegExp } from '../../../contract/text.ts'
import { bindsWhole, modulePattern, statementLines } from './imports.ts'
import { mentions, type Names, usesOf } from './names.ts'
import type { Terms } from './terms.ts'
import { type Carriers, isTest, type SourceFile } from './travel.ts'

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
  readonly modules: RegExp | undefined
}

export function patternsOf({ gone, changed, values, modules }: Terms): Patterns {
  const quoted = [...values].map(escapeRegExp)
  return {
    members: new Set([...gone, ...changed]),
    values: quoted.length === 0 ? undefined : new RegExp(`(?<![\\w$-])(${quoted.join('|')})(?![\\w$-])`),
    modules: modules.size === 0 ? undefined : modulePattern([...modules]),
  }
}

/** What stands just before a word, back to where its expression begins: `context.cache.` of `f(context.cache.del`. */
const chain = /[\w$]+(?:[?!]?\.[\w$]+|\([^()]*\)|\[[^\]]*\])*[?!]?\.$/

interface Place {
  readonly file: SourceFile
  readonly carries: (text: string) => boolean
  /** The word is bound in this file as a name of its own. */
  readonly isBound: (word: string) => boolean
  /** The file hands object literals to the package, or makes those that another file does. */
  readonly feeds: boolean
}

function isMember(line: string, at: number, word: string, place: Place): boolean {
  const [before, after] = [line.slice(0, at), line.slice(at + word.length)]
  if (/\.$/.test(before)) {
    const held = chain.exec(before)?.[0]
    // A chain that goes on from the line above.
    return held === undefined
      ? /^\s*\??\.$/.test(before) && place.file.imports.length > 0
      : place.carries(held)
  }
  if (place.isBound(word)) return true
  if (/^\s*(?:const|let|var)\s*\{/.test(line)) return place.carries(line.slice(line.indexOf('}')))
  const key = /^\s*(?::(?!:)|,|\})/.test(after) && /(?:^\s*|[{,(]\s*)$/.test(before)
  if (key && place.feeds) return true
  // A method of a class that extends one of the package.
  return (
    place.feeds &&
    /^\s*(?:(?:public|protected|override|async|static|get|set|final)\s+)*$/.test(before) &&
    /^\s*\([^)]*\)\s*(?::[^{]*)?\{/.test(after)
  )
}

const nobody: ReadonlySet<string> = new Set()

function wordsIn(line: string, members: ReadonlySet<string>, place: Place): readonly string[] {
  const found = [...usesOf(line, { local: nobody, everywhere: members })]
  return [...new Set(found.filter(([word, at]) => isMember(line, at, word, place)).map(([word]) => word))]
}

/** Lines of a file that meet what changed, or that use what the package gives. */
export function usesIn(file: SourceFile, terms: Terms, patterns: Patterns, known: Knowledge): readonly Use[] {
  const { lines, imports, path, bound } = file
  const local = known.carriers.within.get(path) ?? new Set<string>()
  const { everywhere, inTests } = known.carriers
  const names = { local, everywhere: isTest.test(path) ? inTests : everywhere }
  const carries = (text: string) => mentions(text, names)
  const works = (line: string) => looksInto(line, names)
  const place = {
    file,
    carries,
    isBound: (word: string) => local.has(word),
    feeds: imports.length > 0 || known.fed(file),
  }
  const statements = new Map(
    imports.flatMap((at) => statementLines(lines, at).map((line) => [line, at] as const)),
  )
  const direct = terms.whole ? wholeCalls(file) : undefined
  return lines.flatMap((line, index): readonly Use[] => {
    if (line.length > 500 || /^\s*(?:\/\/|\*|\/\*|#)/.test(line)) return []
    const at = statements.get(index)
    const words = wordsIn(
      line,
      patterns.members,
      at === undefined ? place : { ...place, isBound: (word) => bound.has(word) },
    )
    const gone = words.some((word) => terms.gone.has(word))
    const value = patterns.values?.exec(line)?.[1]
    const sure =
      gone || value !== undefined || patterns.modules?.test(line) === true || direct?.test(line) === true
    const found = value === undefined ? words : [...words, value]
    if (at !== undefined) {
      const text = statementLines(lines, at)
        .map((one) => lines[one])
        .join(' ')
      const whole = terms.whole && bindsWhole(text)
      return [
        { index, weight: sure || whole ? 'gone' : words.length > 0 ? 'changed' : 'import', words: found },
      ]
    }
    if (sure) return [{ index, weight: 'gone', words: found }]
    if (words.length > 0) return [{ index, weight: 'changed', words: found }]
    return works(line) ? [{ index, weight: 'use', words: [] }] : []
  })
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
}

/** Calls of the package itself, by the name that a file gives it. */
function wholeCalls({ lines, imports }: SourceFile): RegExp | undefined {
  const names = imports.flatMap((at) => {
    const text = statementLines(lines, at)
      .map((one) => lines[one])
      .join(' ')
    return /(?:import|const|let|var)\s+([A-Za-z_$][\w$]*)\s*(?:=|from)/.exec(text)?.[1] ?? []
  })
  if (names.length === 0) return undefined
  return new RegExp(`(?<![\\w$.])(?:${names.map(escapeRegExp).join('|')})\\(`)
}
