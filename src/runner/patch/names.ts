import { isUtf8 } from 'node:buffer'
import { failures } from '../../contract/failures.ts'

const escapes: Record<string, number> = { a: 7, b: 8, t: 9, n: 10, v: 11, f: 12, r: 13, '"': 34, '\\': 92 }

interface Quoted {
  readonly name: string
  readonly rest: string
}

/** Reads git's C-style quoted name at the start of `text`. */
function unquote(text: string): Quoted {
  const pieces: Buffer[] = []
  let at = 1
  while (text[at] !== '"') {
    if (at >= text.length) throw failures.patchRefused('a quoted name does not end')
    const escaped = /^\\(?:([0-3][0-7]{2})|([abtnvfr"\\]))/.exec(text.slice(at, at + 4))
    if (escaped !== null) {
      pieces.push(
        Buffer.from([
          escaped[1] === undefined ? (escapes[escaped[2] ?? ''] ?? 0) : Number.parseInt(escaped[1], 8),
        ]),
      )
      at += escaped[0].length
    } else {
      if (text[at] === '\\') throw failures.patchRefused('a quoted name has an unknown escape')
      const plain = /^[^"\\]+/.exec(text.slice(at))?.[0] ?? ''
      pieces.push(Buffer.from(plain, 'utf8'))
      at += plain.length
    }
  }
  const bytes = Buffer.concat(pieces)
  if (!isUtf8(bytes)) throw failures.patchRefused('a name is not UTF-8')
  return { name: bytes.toString('utf8'), rest: text.slice(at + 1) }
}

/** The one path that both names of a `diff --git` line give. */
export function headerNames(text: string): string {
  const [old, now] = text.startsWith('"') || text.endsWith('"') ? quotedPair(text) : plainPair(text)
  if (!old.startsWith('a/') || !now.startsWith('b/') || old.slice(2) !== now.slice(2)) {
    throw failures.patchRefused(`its header names differ: ${JSON.stringify(text.slice(0, 200))}`)
  }
  return old.slice(2)
}

/** `a/P b/P`: P may hold blanks, but both halves are equally long. */
function plainPair(text: string): readonly [string, string] {
  const half = (text.length - 1) / 2
  return [text.slice(0, half), text.slice(half + 1)]
}

function quotedPair(text: string): readonly [string, string] {
  if (!text.startsWith('"')) {
    const start = text.indexOf(' "')
    return [text.slice(0, start), sideName(text.slice(start + 1))]
  }
  const { name, rest } = unquote(text)
  if (!rest.startsWith(' ')) throw failures.patchRefused('a header has one name')
  return [name, sideName(rest.slice(1))]
}

/** The name on a `---` or `+++` line; git ends one that holds blanks with a tab. */
export function sideName(text: string): string {
  if (!text.startsWith('"')) return text.replace(/\t$/, '')
  const { name, rest } = unquote(text)
  if (rest !== '' && rest !== '\t') throw failures.patchRefused('text follows a quoted name')
  return name
}
