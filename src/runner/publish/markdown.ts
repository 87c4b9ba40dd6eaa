/** Characters that show nothing, or another order than they have. */
const hidden = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu
const maxInline = 200
/** For what a decision rests on: a sentence that ends in the middle is no reason. */
export const maxReason = 600

/** Untrusted text on one line, inside a code span: no mention, link, image or tag in it does anything. */
export function inlineCode(text: string, maxChars = maxInline): string {
  const plain = visible(text.replace(/\s+/g, ' ').trim())
  const short = plain.length > maxChars ? `${plain.slice(0, maxChars)}…` : plain
  const fence = '`'.repeat(longestRun(short) + 1)
  const blank = short.startsWith('`') || short.endsWith('`') ? ' ' : ''
  return short === '' ? '` `' : `${fence}${blank}${short}${blank}${fence}`
}

/** Untrusted text of several lines, inside a fence longer than any in it. */
export function codeBlock(text: string, maxChars = 4000): string {
  const lines = text.split(/\r?\n/).map((line) => visible(line.replaceAll('\t', '  ')))
  const whole = lines.join('\n').trimEnd()
  const shown = whole.length > maxChars ? `${whole.slice(0, maxChars)}\n…` : whole
  const fence = '`'.repeat(Math.max(3, longestRun(shown) + 1))
  return `${fence}text\n${shown}\n${fence}`
}

/** Text with what cannot be seen written as its code point. */
function visible(text: string): string {
  return text.replace(hidden, (char) => `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`)
}

function longestRun(text: string): number {
  return Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length))
}

const maxLine = 400

/** A line of a code block of ours: nothing in it ends the block or hides. */
export function visibleLine(text: string): string {
  const plain = visible(text.replace(/\s+/g, ' ').trim()).replace(/^`{3,}/, "'''")
  return plain.length > maxLine ? `${plain.slice(0, maxLine)}…` : plain
}
