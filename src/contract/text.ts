/* Text from a container or a model is shown only after it went through here. */

// Control characters but tab and newline, Unicode line separators, and characters that reorder text.
const hidden =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the point
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g

function visible(character: string): string {
  const code = character.charCodeAt(0)
  return code < 0x100
    ? `\\x${code.toString(16).padStart(2, '0')}`
    : `\\u${code.toString(16).padStart(4, '0')}`
}

/** Writes control and reordering characters as escapes, so that they cannot steer a terminal or hide text. */
export function neutralise(text: string): string {
  return text.replaceAll('\r\n', '\n').replace(hidden, visible)
}

/** Keeps the head and the tail of a text that is longer than `max` characters, and says how much is missing. */
export function bounded(text: string, max: number): string {
  if (text.length <= max) return text
  const half = Math.floor(max / 2)
  return `${text.slice(0, half)}\n[… ${text.length - 2 * half} characters left out …]\n${text.slice(-half)}`
}

/** A text as a pattern that matches nothing but itself. */
export function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}

/** One word of a POSIX shell's command line. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
}
