import { basename } from 'node:path'
import { type Node, parseTree } from 'jsonc-parser'
import type { DeclarationForm } from '../../contract/ecosystems/facts.ts'
import { ecosystems } from '../../contract/ecosystems/index.ts'

/** Where a manifest declares a dependency. */
export interface Declaration {
  /** As its ecosystem names it. */
  readonly name: string
  /** Offset of the declaration in the text. */
  readonly offset: number
}

type Form<Kind> = Extract<DeclarationForm, { kind: Kind }>

/** Declarations of a manifest; none where the file is none that is known, or cannot be read. */
export function declarationsIn(fileName: string, text: string): readonly Declaration[] {
  const name = basename(fileName)
  return ecosystems.flatMap(({ manifest, declares }) => (manifest === name ? declared(declares, text) : []))
}

function declared(form: DeclarationForm, text: string): readonly Declaration[] {
  if (form.kind === 'json') return inJson(form, text)
  return form.kind === 'xml' ? inXml(form, text) : inLines(form, text)
}

function inJson({ groups }: Form<'json'>, text: string): readonly Declaration[] {
  const members = parseTree(text)?.children ?? []
  return members
    .filter((member) => groups.includes(String(member.children?.[0]?.value)))
    .flatMap((member) => member.children?.[1]?.children ?? [])
    .flatMap((entry: Node) => {
      const name: unknown = entry.children?.[0]?.value
      return typeof name === 'string' ? [{ name, offset: entry.offset }] : []
    })
}

function inXml({ elements, name }: Form<'xml'>, text: string): readonly Declaration[] {
  const visible = text.replace(/<!--[\s\S]*?-->/g, (comment) => ' '.repeat(comment.length))
  const one = new RegExp(`<(${elements.join('|')})>([\\s\\S]*?)</\\1>`, 'g')
  return [...visible.matchAll(one)].flatMap((found) => {
    const parts = name.map(({ element, usual }) => childText(found[2], element) ?? usual)
    return parts.includes(undefined) ? [] : [{ name: parts.join(':'), offset: found.index }]
  })
}

function childText(text: string | undefined, name: string): string | undefined {
  return new RegExp(`<${name}>\\s*([^<\\s]+)\\s*</${name}>`).exec(text ?? '')?.[1]
}

function inLines({ line }: Form<'lines'>, text: string): readonly Declaration[] {
  return [...text.matchAll(new RegExp(line, 'gm'))].flatMap((found) => {
    const name = found.groups?.name
    return name === undefined ? [] : [{ name, offset: found.index }]
  })
}
