import { lexer, type Token, walkTokens } from 'marked'

/* Markdown after which anything else still stands for itself. */

const sentinel = 'What follows'
/** Elements without an end of their own: https://html.spec.whatwg.org/multipage/syntax.html#void-elements */
const voids = new Set('area base br col embed hr img input link meta source track wbr'.split(' '))

/**
 * What a text leaves open, so that whatever stands below it would be hidden or changed: a fence, a comment, an element.
 * Undefined where it leaves nothing open.
 */
export function leftOpen(text: string): string | undefined {
  const tokens = lexer(`${text.trimEnd()}\n\n### ${sentinel}\n`, { gfm: true })
  const last = tokens.findLast(({ type }) => type !== 'space')
  if (last?.type !== 'heading' || last.text !== sentinel) return 'a block of code or a comment'
  const name = openElement(tokens)
  return name === undefined ? undefined : `<${name}>`
}

function openElement(tokens: readonly Token[]): string | undefined {
  const open: string[] = []
  walkTokens([...tokens], (token) => {
    if (token.type !== 'html') return
    const markup = token.raw.replace(/<!--[\s\S]*?-->/g, '')
    for (const [, end, given = ''] of markup.matchAll(tags)) {
      const name = given.toLowerCase()
      if (voids.has(name)) continue
      if (end === '') open.push(name)
      else if (open.includes(name)) open.length = open.lastIndexOf(name)
    }
  })
  return open.at(-1)
}

const tags = /<(\/?)([a-z][a-z0-9-]*)(?:"[^"]*"|'[^']*'|[^'">])*>/gi
