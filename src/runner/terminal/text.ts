// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this removes
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g
const BIDI = /[\u200e\u200f\u202a-\u202e\u2066-\u2069\u061c]/g

/** Text from a repository, a model or a container, safe to print: control and bidi characters are shown, not obeyed. */
export function printable(text: string): string {
  return text
    .replaceAll('\r\n', '\n')
    .replace(CONTROL, (c) => `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`)
    .replace(BIDI, (c) => `\\u{${c.charCodeAt(0).toString(16)}}`)
}

/** One printable line, cut with an ellipsis at `width` characters. */
export function oneLine(text: string, width: number): string {
  const line = printable(text).replace(/\s+/g, ' ').trim()
  return line.length > width ? `${line.slice(0, Math.max(0, width - 1))}…` : line
}

/**
 * A test by its file and title: folders go first where there is no room for all of it, or for the file in its line, then
 * the title's end.
 */
export function testName(id: string, width: number, line = width): string {
  const [file = '', ...titles] = oneLine(id, Number.POSITIVE_INFINITY).split(' › ')
  const folders = file.split('/')
  let shown = [file, ...titles].join(' › ')
  let path = file
  while ((shown.length > width || path.length > line) && folders.length > 1) {
    folders.shift()
    path = `…/${folders.join('/')}`
    shown = [path, ...titles].join(' › ')
  }
  return oneLine(shown, width)
}

/** `850 ms`, `12.3 s`, `4 min 05 s`. */
export function duration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`
  // Rounded before it is split: there is no minute of sixty seconds.
  const seconds = Math.round(ms / 1000)
  return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, '0')} s`
}

/** `3m ago`, from the two times in milliseconds. */
export function age(then: number, now: number): string {
  const format = new Intl.RelativeTimeFormat('en', { numeric: 'auto', style: 'narrow' })
  const minutes = Math.round((then - now) / 60_000)
  if (Math.abs(minutes) < 60) return format.format(minutes, 'minute')
  if (Math.abs(minutes) < 60 * 24) return format.format(Math.round(minutes / 60), 'hour')
  return format.format(Math.round(minutes / (60 * 24)), 'day')
}
