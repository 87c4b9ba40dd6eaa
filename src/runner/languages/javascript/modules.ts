import { posix } from 'node:path'
import type { Links, Taken } from '../language.ts'

/** A file as it can be loaded: without its extension, a folder's index by the folder. */
export function moduleOf(path: string): string {
  return path.replace(/(?:\.d)?\.[cm]?[jt]sx?$/, '').replace(/(?:^|\/)(?:index)?$/, '')
}

const from = /\b(import|export)\s+(?:type\s+)?([^'"`;()]*?)\s*from\s*['"]([^'"]+)['"]/g
const required =
  /(?:const|let|var)\s+(\{[^}]*\}|[\w$]+)\s*=\s*(?:await\s+)?(?:require|import)\(\s*['"]([^'"]+)['"]\s*\)(?:\.([\w$]+))?/g
const handedOn = /module\.exports\s*=\s*require\(\s*['"]([^'"]+)['"]\s*\)/g

/** `{ a, b as c, d: e }` in pairs; a name before the braces is the default. */
function pairs(list: string): readonly (readonly [string, string])[] {
  const [before = '', inside = ''] = list.split(/[{}]/)
  const whole = /^\s*(?:\*\s*as\s+)?([\w$]+)/.exec(before)?.[1]
  const named = inside.split(',').flatMap((part): readonly (readonly [string, string])[] => {
    const [, there, here] = /^\s*(?:type\s+)?([\w$]+)(?:\s*(?:\bas\b|:)\s*([\w$]+))?/.exec(part) ?? []
    return there === undefined ? [] : [[there, here ?? there]]
  })
  return [...(whole === undefined ? [] : [['default', whole] as const]), ...named]
}

/** A path below the repository's root; one that begins with `@/`, `~/` or `src/` counts from there or from `src`. */
function resolver(path: string, modules: ReadonlySet<string>): (spec: string) => string | undefined {
  return (spec) => {
    if (spec.startsWith('.')) {
      const module = moduleOf(posix.join(posix.dirname(path), spec))
      return modules.has(module) ? module : undefined
    }
    const tail = /^(?:[@~#]\/|(?=src\/))(.+)$/.exec(spec)?.[1]
    if (tail === undefined) return undefined
    return [tail, `src/${tail}`].map(moduleOf).find((module) => modules.has(module))
  }
}

export function linksOf(path: string, text: string, modules: ReadonlySet<string>): Links {
  const resolve = resolver(path, modules)
  const takes: Taken[] = []
  const take = (spec: string, names: Taken['names'], onward: boolean) => {
    const module = resolve(spec)
    if (module !== undefined) takes.push({ module, names, onward })
  }
  if (/['"](?:\.|[@~#]\/|src\/)/.test(text))
    for (const [, verb, list = '', spec = ''] of text.matchAll(from))
      take(spec, pairs(list), verb === 'export')
  if (/\b(?:require|import)\(/.test(text)) {
    for (const [, list = '', spec = '', member] of text.matchAll(required))
      take(spec, member === undefined ? pairs(list) : [[member, list]], false)
    for (const [, spec = ''] of text.matchAll(handedOn)) take(spec, [], true)
  }
  let gives: ReadonlyMap<string, string> | undefined
  return {
    takes,
    gives: () => {
      gives ??= givesOf(text)
      return gives
    },
  }
}

const declaration =
  /^\s*export\s+(?:declare\s+)?(?:abstract\s+)?(?:const|let|var|class|interface|enum|type)\s+([\w$]+)/gm
const listed = /^\s*export\s*(?:type\s*)?\{([^}]*)\}(?!\s*from)/gm
const byDefault = /^\s*export\s+default\s+(.+)|^\s*module\.exports\s*=\s*(?!\{|require\()(.+)/gm
const property = /(?:module\.)?exports\.([\w$]+)\s*=\s*(.+)/g
const object = /^\s*module\.exports\s*=\s*\{([^}]*)\}/gm

function givesOf(text: string): ReadonlyMap<string, string> {
  const gives = new Map<string, string>()
  for (const [, name = ''] of text.matchAll(declaration)) gives.set(name, name)
  for (const [, list = ''] of text.matchAll(listed))
    for (const [here, there] of pairs(`{${list}}`)) gives.set(there, here)
  for (const [, list = ''] of text.matchAll(object))
    for (const [there, here] of pairs(`{${list}}`)) gives.set(there, here)
  for (const [, name = '', value = ''] of text.matchAll(property)) gives.set(name, value)
  for (const [, one, other] of text.matchAll(byDefault)) gives.set('default', one ?? other ?? '')
  return gives
}
