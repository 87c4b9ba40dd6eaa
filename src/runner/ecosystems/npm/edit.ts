import { applyEdits, modify } from 'jsonc-parser'
import { isScalar, parseDocument } from 'yaml'

/** Replaces one string in a JSON text; every other byte stays. */
export function setJsonString(text: string, path: readonly string[], value: string): string {
  return applyEdits(text, modify(text, [...path], value, {}))
}

/** The string at a path of a YAML text; undefined where there is none. */
export function yamlString(text: string, path: readonly string[]): string | undefined {
  const node = parseDocument(text).getIn(path)
  return typeof node === 'string' ? node : undefined
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
