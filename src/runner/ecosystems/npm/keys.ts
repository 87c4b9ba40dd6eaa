import { findNodeAtLocation, parseTree } from 'jsonc-parser'
import { isMap, isScalar, parseDocument, type Scalar } from 'yaml'

/** Renames a key of a JSON text; every other byte stays. A path that is not there leaves the text as it is. */
export function renameJsonKey(text: string, path: readonly string[], name: string): string {
  const tree = parseTree(text)
  const key = tree === undefined ? undefined : findNodeAtLocation(tree, [...path])?.parent?.children?.[0]
  if (key === undefined) return text
  return text.slice(0, key.offset) + JSON.stringify(name) + text.slice(key.offset + key.length)
}

/** Takes an entry out of a JSON text, and the object that it was the last of. */
export function removeJsonKey(text: string, path: readonly string[]): string {
  const tree = parseTree(text)
  const node = tree === undefined ? undefined : findNodeAtLocation(tree, [...path])
  if (node === undefined) return text
  const property = node.parent
  const siblings = property?.parent?.children ?? []
  if (property === undefined) return text
  if (path.length > 1 && siblings.length === 1) return removeJsonKey(text, path.slice(0, -1))
  const at = siblings.indexOf(property)
  const [before, after] = [siblings[at - 1], siblings[at + 1]]
  const start = after === undefined && before !== undefined ? before.offset + before.length : property.offset
  const end = after === undefined ? property.offset + property.length : after.offset
  return text.slice(0, start) + text.slice(end)
}

/** Renames a key in a YAML text, in the quotes it had; every other byte stays. */
export function renameYamlKey(text: string, path: readonly string[], name: string): string {
  const found = yamlKey(text, path)
  if (found === undefined) return text
  const [start, end] = found.range
  const quote = /^['"]/.exec(text.slice(start, end))?.[0] ?? (/^[@*&!|>%`]/.test(name) ? "'" : '')
  return `${text.slice(0, start)}${quote}${name}${quote}${text.slice(end)}`
}

/** Takes the lines of an entry out of a YAML text, and of the map that it was the last of. */
export function removeYamlKey(text: string, path: readonly string[]): string {
  const found = yamlKey(text, path)
  if (found === undefined) return text
  if (found.alone && path.length > 1) return removeYamlKey(text, path.slice(0, -1))
  const start = text.lastIndexOf('\n', found.range[0] - 1) + 1
  const next = text.indexOf('\n', Math.max(found.end - 1, found.range[0]))
  return text.slice(0, start) + (next === -1 ? '' : text.slice(next + 1))
}

interface YamlKey {
  readonly range: readonly [start: number, end: number]
  /** Where its value ends. */
  readonly end: number
  /** The only one of its map. */
  readonly alone: boolean
}

function yamlKey(text: string, path: readonly string[]): YamlKey | undefined {
  const document = parseDocument(text)
  const map = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true)
  if (!isMap(map)) return undefined
  const pair = map.items.find(({ key }) => isScalar(key) && key.value === path.at(-1))
  const range = (pair?.key as Scalar | undefined)?.range
  if (pair === undefined || !range) return undefined
  const value = pair.value as { readonly range?: readonly number[] | null } | null
  return { range: [range[0], range[1]], end: value?.range?.[1] ?? range[1], alone: map.items.length === 1 }
}
