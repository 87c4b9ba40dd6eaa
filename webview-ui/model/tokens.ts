import type { Emitter } from 'highlight.js'

/** A stretch of a line in one colour. */
export interface Token {
  readonly text: string
  /** Class of the grammar, such as `hljs-string`; undefined for plain text. */
  readonly scope?: string
}

/** Takes what a grammar says and keeps it line by line, with the innermost scope of each stretch. */
export class LineEmitter implements Emitter {
  readonly lines: Token[][] = [[]]
  readonly #scopes: string[] = []

  addText(value: string): void {
    const scope = this.#scopes.at(-1)
    for (const [at, text] of value.split('\n').entries()) {
      if (at > 0) this.lines.push([])
      if (text !== '') this.#add({ text, ...(scope === undefined ? {} : { scope }) })
    }
  }

  #add(token: Token): void {
    this.lines.at(-1)?.push(token)
  }

  startScope(name: string): void {
    this.#scopes.push(`hljs-${name.split('.', 1)[0]}`)
  }

  endScope(): void {
    this.#scopes.pop()
  }

  openNode(name: string): void {
    this.startScope(name)
  }

  closeNode(): void {
    this.endScope()
  }

  /** Another language within this one, such as the script of a page. */
  __addSublanguage(other: Emitter): void {
    if (!(other instanceof LineEmitter)) return
    const scope = this.#scopes.at(-1)
    for (const [at, tokens] of other.lines.entries()) {
      if (at > 0) this.lines.push([])
      for (const token of tokens) this.#add(scope === undefined ? token : { scope, ...token })
    }
  }

  finalize(): void {}

  toHTML(): string {
    return ''
  }
}
