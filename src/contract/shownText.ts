import { bounded, neutralise } from './text.ts'

/* Untrusted text as a text node of the review panel may hold it. */

const maxText = 20_000
const maxLine = 4_000
const maxName = 1_000

/** Prose of a model, or output: no character of it steers anything, and there is not too much of it. */
export function shownText(text: string): string {
  return bounded(neutralise(text), maxText)
}

/** A line of a diff or of a log. */
export function shownLine(text: string): string {
  return bounded(neutralise(text).replaceAll('\n', '\\n'), maxLine).replaceAll('\n', ' ')
}

/** A path or a title: one line, with nothing in it that cannot be seen. */
export function shownName(text: string): string {
  const visible = neutralise(text).replace(/[\t\n\p{Cf}\p{Default_Ignorable_Code_Point}]/gu, (character) => {
    const code = character.codePointAt(0) ?? 0
    return `\\u{${code.toString(16)}}`
  })
  return bounded(visible, maxName).replaceAll('\n', ' ')
}

/** What the panel may run: the script and the style of its own document, known by the nonce; it loads nothing. */
export function contentSecurityPolicy(nonce: string): string {
  const directives = [
    `default-src 'none'`,
    `script-src 'nonce-${nonce}'`,
    `style-src 'nonce-${nonce}'`,
    `base-uri 'none'`,
    `form-action 'none'`,
  ]
  return `${directives.join('; ')};`
}
