import type { Emitter } from 'highlight.js'
import core from 'highlight.js/lib/core'
import java from 'highlight.js/lib/languages/java'
import javascript from 'highlight.js/lib/languages/javascript'
import json from 'highlight.js/lib/languages/json'
import kotlin from 'highlight.js/lib/languages/kotlin'
import typescript from 'highlight.js/lib/languages/typescript'
import xml from 'highlight.js/lib/languages/xml'
import yaml from 'highlight.js/lib/languages/yaml'
import type { DiffHunk } from './patch.ts'
import { LineEmitter, type Token } from './tokens.ts'

export type { Token } from './tokens.ts'

/** By extension; a map, for a file may be called `constructor`. */
const languages = new Map(
  Object.entries({
    ...{ ts: 'typescript', mts: 'typescript', cts: 'typescript', tsx: 'typescript' },
    ...{ js: 'javascript', mjs: 'javascript', cjs: 'javascript', jsx: 'javascript' },
    ...{ json: 'json', jsonc: 'json', java: 'java', kt: 'kotlin', kts: 'kotlin' },
    ...{ xml: 'xml', html: 'xml', svg: 'xml', vue: 'xml', yml: 'yaml', yaml: 'yaml' },
  }),
)

const highlighter = core.newInstance()
highlighter.configure({ __emitter: LineEmitter })
for (const [name, language] of Object.entries({ java, javascript, json, kotlin, typescript, xml, yaml }))
  highlighter.registerLanguage(name, language)

/** Lines that are coloured at once, where nothing is left open at their end. */
const linesAtOnce = 100
/** What is still open after so much text is taken to end there. */
const maxCharacters = 400_000
/** How long the page may be kept from answering, ms. */
const sliceMs = 12

/** Calls back when the page has been drawn, and has heard what was done to it. */
type Later = (work: () => void) => void
const onceDrawn: Later = (work) => void requestAnimationFrame(() => setTimeout(work))

/** Colours the sides of hunks after the page was drawn, from a hunk's first line to the one that is looked at. */
export class Syntax {
  readonly #known = new Map<string, Side>()
  readonly #waiting = new Set<Side>()
  readonly #ready: () => void
  readonly #later: Later
  #planned = false

  /** `ready` is told when lines that were asked for have their colours. */
  constructor(ready: () => void, later: Later = onceDrawn) {
    this.#ready = ready
    this.#later = later
  }

  /** The line at `at` among the lines of the hunk's side; undefined where it has no colours, or none yet. */
  line(
    path: string,
    key: string,
    hunk: DiffHunk,
    side: 'old' | 'now',
    at: number,
  ): readonly Token[] | undefined {
    const language = languages.get(path.slice(path.lastIndexOf('.') + 1).toLowerCase())
    if (language === undefined) return undefined
    const id = `${key}/${side}`
    const found = this.#known.get(id) ?? new Side(language, hunk, side)
    this.#known.set(id, found)
    const line = found.lines[at]
    if (line === undefined) this.#want(found, at)
    return line
  }

  #want(side: Side, at: number): void {
    side.wanted = Math.max(side.wanted, at)
    this.#waiting.add(side)
    this.#plan()
  }

  #plan(): void {
    if (this.#planned || this.#waiting.size === 0) return
    this.#planned = true
    this.#later(() => this.#slice())
  }

  #slice(): void {
    this.#planned = false
    const until = performance.now() + sliceMs
    let ready = false
    for (const side of this.#waiting) {
      while (!side.satisfied && performance.now() < until) side.colourMore()
      if (!side.satisfied) break
      this.#waiting.delete(side)
      ready = true
    }
    this.#plan()
    if (ready) this.#ready()
  }
}

/** One side of a hunk, coloured from its top. */
class Side {
  readonly lines: (readonly Token[])[] = []
  /** The last line that somebody asked for. */
  wanted = -1
  readonly #language: string
  readonly #texts: readonly string[]
  #size = linesAtOnce

  constructor(language: string, hunk: DiffHunk, side: 'old' | 'now') {
    const left = side === 'old' ? 'added' : 'deleted'
    this.#language = language
    this.#texts = hunk.lines.filter(({ kind }) => kind !== left).map(({ text }) => text)
  }

  get satisfied(): boolean {
    return this.lines.length > this.wanted || this.lines.length >= this.#texts.length
  }

  /** The next lines; where a comment or a string goes on behind them, twice as many another time. */
  colourMore(): void {
    const from = this.lines.length
    const texts = this.#texts.slice(from, from + this.#size)
    const code = `${texts.join('\n')}\n`
    const { _emitter, _top } = highlighter.highlight(code, { language: this.#language })
    const open = _top !== undefined && 'parent' in _top
    if (open && from + texts.length < this.#texts.length && code.length < maxCharacters) {
      this.#size *= 2
      return
    }
    const made = linesOf(_emitter)
    for (const at of texts.keys()) this.lines.push(made[at] ?? [])
    this.#size = linesAtOnce
  }
}

function linesOf(emitter: Emitter): readonly (readonly Token[])[] {
  return emitter instanceof LineEmitter ? emitter.lines : []
}
