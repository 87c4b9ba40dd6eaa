import { escapeRegExp } from '../../../contract/text.ts'
import type { Imported } from '../language.ts'

const loads = '(?:require|import|require\\.resolve|(?:jest|vi)\\.\\w+|mock\\.module)\\('
const loaded = `(?:from|import|declare module|reference types=|${loads}(?:\\s*/\\*.*?\\*/)?)\\s*`

/** A line that loads one of the modules, whole or a path below it, or puts something in its place. */
export function modulePattern(names: readonly string[]): RegExp {
  const any = names.map(escapeRegExp).join('|')
  return new RegExp(`${loaded}['"\`](?:${any})(?:/[^'"\`]*|\\.[cm]?js)?['"\`]`)
}

/** The names of a package whose module a file holds in a variable: `const name = 'lib'`. */
function constants(text: string, name: string): readonly string[] {
  if (!text.includes(name)) return []
  const named = new RegExp(
    `(?:const|let|var)\\s+([\\w$]+)[^=\\n]*=\\s*['"\`]${escapeRegExp(name)}(?:/[^'"\`]*)?['"\`]`,
    'g',
  )
  return [...text.matchAll(named)].map(([, found = '']) => found)
}

/** The package whose types another one holds: `react` of `@types/react`, `@a/b` of `@types/a__b`. */
function typedPackage(name: string): string | undefined {
  return /^@types\/(.+)$/.exec(name)?.[1]?.replace(/^(.+)__(.+)$/, '@$1/$2')
}

/** A line of a text that imports the package, by its name or by a variable that holds it. */
export function importPattern({ package: name }: Imported, text: string): RegExp {
  const own = typedPackage(name) ?? name
  const held = constants(text, own)
  const byName = modulePattern([own])
  if (held.length === 0) return byName
  return new RegExp(`${byName.source}|${loads}\\s*(?:${held.map(escapeRegExp).join('|')})\\s*\\)`)
}

/** What a test runner gives to every test without an import. */
const givenByRunner: Readonly<Record<string, readonly string[]>> = {
  jest: ['jest', 'expect'],
  vitest: ['vi', 'expect'],
  jasmine: ['jasmine', 'expect', 'spyOn'],
  mocha: ['mocha'],
  chai: ['chai'],
}

/** Names that a file has of the package as globals. */
export function globalsIn(name: string, text: string): readonly string[] {
  return (givenByRunner[name] ?? []).filter((one) => text.includes(`${one}.`) || text.includes(`${one}(`))
}
