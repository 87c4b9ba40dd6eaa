import java from 'highlight.js/lib/languages/java'
import javascript from 'highlight.js/lib/languages/javascript'
import json from 'highlight.js/lib/languages/json'
import kotlin from 'highlight.js/lib/languages/kotlin'
import typescript from 'highlight.js/lib/languages/typescript'
import xml from 'highlight.js/lib/languages/xml'
import yaml from 'highlight.js/lib/languages/yaml'
import { createLowlight } from 'lowlight'
import type { DiffHunk } from './patch.ts'

/** A stretch of a line in one colour. */
export interface Token {
  readonly text: string
  /** Class of the grammar, such as `hljs-string`; undefined for plain text. */
  readonly scope?: string
}

/** By extension; a map, for a file may be called `constructor`. */
const languages = new Map(
  Object.entries({
    ...{ ts: 'typescript', mts: 'typescript', cts: 'typescript', tsx: 'typescript' },
    ...{ js: 'javascript', mjs: 'javascript', cjs: 'javascript', jsx: 'javascript' },
    ...{ json: 'json', jsonc: 'json', java: 'java', kt: 'kotlin', kts: 'kotlin' },
    ...{ xml: 'xml', html: 'xml', svg: 'xml', vue: 'xml', yml: 'yaml', yaml: 'yaml' },
  }),
)

/** A stretch of a hunk that is coloured at once; what a grammar remembers of the lines before it is lost at its ends. */
const linesAtOnce = 300
const maxCharacters = 60_000

/** Colours the sides of hunks, a stretch at a time, and remembers them. */
export class Syntax {
  readonly #lowlight = createLowlight({ java, javascript, json, kotlin, typescript, xml, yaml })
  readonly #known = new Map<string, readonly (readonly Token[])[]>()

  /** The line at `at` among the lines of the hunk's side; undefined where there is no grammar for the file. */
  line(
    path: string,
    key: string,
    hunk: DiffHunk,
    side: 'old' | 'now',
    at: number,
  ): readonly Token[] | undefined {
    const language = languages.get(path.slice(path.lastIndexOf('.') + 1).toLowerCase())
    if (language === undefined) return undefined
    const stretch = Math.floor(at / linesAtOnce)
    const id = `${key}/${side}/${stretch}`
    const lines = this.#known.get(id) ?? this.#colour(language, hunk, side, stretch)
    this.#known.set(id, lines)
    return lines[at % linesAtOnce]
  }

  #colour(
    language: string,
    hunk: DiffHunk,
    side: 'old' | 'now',
    stretch: number,
  ): readonly (readonly Token[])[] {
    const left = side === 'old' ? 'added' : 'deleted'
    const text = hunk.lines
      .filter(({ kind }) => kind !== left)
      .slice(stretch * linesAtOnce, (stretch + 1) * linesAtOnce)
      .map((line) => line.text)
      .join('\n')
    if (text.length > maxCharacters) return []
    return tokenLines(this.#lowlight.highlight(language, text).children)
  }
}

type Tree = ReturnType<ReturnType<typeof createLowlight>['highlight']>['children']

/** A coloured tree, flat and line by line. */
function tokenLines(children: Tree): readonly (readonly Token[])[] {
  const lines: Token[][] = [[]]
  const walk = (nodes: Tree, scope: string | undefined): void => {
    for (const node of nodes) {
      if (node.type === 'element') walk(node.children as Tree, scopeOf(node.properties.className) ?? scope)
      else if (node.type === 'text') addText(lines, node.value, scope)
    }
  }
  walk(children, undefined)
  return lines
}

function scopeOf(classes: unknown): string | undefined {
  return Array.isArray(classes) && typeof classes[0] === 'string' ? classes[0] : undefined
}

function addText(lines: Token[][], value: string, scope: string | undefined): void {
  for (const [at, text] of value.split('\n').entries()) {
    if (at > 0) lines.push([])
    if (text !== '') lines.at(-1)?.push({ text, ...(scope === undefined ? {} : { scope }) })
  }
}
