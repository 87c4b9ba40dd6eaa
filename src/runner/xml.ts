import { SaxesParser } from 'saxes'

/** An element of an XML text with the ranges that exact edits need; offsets are UTF-16 code units. */
export interface Element {
  readonly name: string
  readonly start: number
  /** After the end tag. */
  end: number
  /** Between the tags. */
  readonly innerStart: number
  innerEnd: number
  /** All text directly in it, entities resolved, trimmed. */
  text: string
  readonly children: Element[]
}

const maxDepth = 200

/**
 * Reads a document's elements. Only the five predefined entities are known, so nothing is ever fetched or expanded.
 * Throws an `Error` whose message says where it is not well-formed.
 */
export function parseXml(source: string): Element {
  const parser = new SaxesParser({ position: true })
  const open: Element[] = []
  let root: Element | undefined
  let tagStart = 0
  parser.on('error', (error) => {
    throw error
  })
  parser.on('opentagstart', () => {
    tagStart = source.lastIndexOf('<', parser.position - 1)
  })
  parser.on('opentag', ({ name, isSelfClosing }) => {
    if (open.length >= maxDepth) throw new Error('elements are nested too deeply')
    const at = parser.position
    const element = { name, start: tagStart, end: at, innerStart: at, innerEnd: at, text: '', children: [] }
    open.at(-1)?.children.push(element)
    root ??= element
    open.push(element)
    if (isSelfClosing) return
  })
  parser.on('text', (text) => {
    const element = open.at(-1)
    if (element !== undefined) element.text += text
  })
  parser.on('cdata', (text) => {
    const element = open.at(-1)
    if (element !== undefined) element.text += text
  })
  parser.on('closetag', ({ isSelfClosing }) => {
    const element = open.pop()
    if (element === undefined) return
    element.end = parser.position
    if (!isSelfClosing) element.innerEnd = source.lastIndexOf('</', parser.position - 1)
    element.text = element.text.trim()
  })
  parser.write(source).close()
  if (root === undefined) throw new Error('there is no element')
  return root
}

export function child(element: Element | undefined, name: string): Element | undefined {
  return element?.children.find((one) => one.name === name)
}

export function descend(element: Element | undefined, ...names: readonly string[]): Element | undefined {
  return names.reduce<Element | undefined>((at, name) => child(at, name), element)
}

export function childText(element: Element | undefined, name: string): string | undefined {
  return child(element, name)?.text
}

/** One replacement in a text. */
export interface Edit {
  readonly start: number
  readonly end: number
  readonly text: string
}

/** Every other character stays. Edits must not overlap. */
export function applyEdits(source: string, edits: readonly Edit[]): string {
  const sorted = [...edits].sort((a, b) => b.start - a.start)
  return sorted.reduce(
    (text, { start, end, text: now }) => text.slice(0, start) + now + text.slice(end),
    source,
  )
}

export function escapeXml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}

/** Children of that name. */
export function each(element: Element | undefined, name: string): Element[] {
  return element?.children.filter((one) => one.name === name) ?? []
}
