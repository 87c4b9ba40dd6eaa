import { type Node, parseTree } from 'jsonc-parser'
import { isScalar, parseDocument } from 'yaml'

/** Replaces one string in a JSON text; every other byte stays. Of a key that is there twice the last counts. */
export function setJsonString(text: string, path: readonly string[], value: string): string {
  const mark = text.startsWith('\uFEFF') ? 1 : 0
  const root = parseTree(text.slice(mark))
  const node = root === undefined ? undefined : lastAt(root, path)
  if (node?.type !== 'string') return text
  const start = mark + node.offset
  return text.slice(0, start) + JSON.stringify(value) + text.slice(start + node.length)
}

/** As `JSON.parse` reads it: of two alike the last. */
function lastAt(node: Node, path: readonly string[]): Node | undefined {
  const [key, ...rest] = path
  if (key === undefined) return node
  const property = node.children?.findLast(({ children }) => children?.[0]?.value === key)
  const value = property?.children?.[1]
  return value === undefined ? undefined : lastAt(value, rest)
}

/** The string at a path of a YAML text; undefined where there is none. */
export function yamlString(text: string, path: readonly string[]): string | undefined {
  const node = parseDocument(text).getIn(path)
  return typeof node === 'string' ? node : typeof node === 'number' ? scalarText(text, path) : undefined
}

/** `1.10` as it is written: a number would be `1.1`. */
function scalarText(text: string, path: readonly string[]): string | undefined {
  const node = parseDocument(text).getIn(path, true)
  return isScalar(node) && node.range ? text.slice(node.range[0], node.range[1]) : undefined
}

/** Replaces one scalar in a YAML text, in the quotes it had; every other byte stays. */
export function setYamlString(text: string, path: readonly string[], value: string): string {
  const document = parseDocument(text)
  const node = document.getIn(path, true)
  if (!isScalar(node) || !node.range) return text
  const [start, end] = node.range
  const quote = /^['"]/.exec(text.slice(start, end))?.[0]
  // Operators such as `>=` and `*` mean something else to YAML when they stand alone.
  const written =
    quote === undefined && /^[*&!|>%@`]/.test(value) ? `'${value}'` : `${quote ?? ''}${value}${quote ?? ''}`
  return text.slice(0, start) + written + text.slice(end)
}
