/**
 * Bytes written in words, as cases do that would be too long otherwise: `'{"a":"' + 'A'*67108864 (no newline)`. Terms
 * are quoted texts, each with a repeat count where it has one; anything after the last is a remark.
 */
export function bytesOf(words: string): Buffer {
  const term =
    /\s*(?:\+\s*)?(?:'((?:[^'\\]|\\.)*)'|\\x([0-9a-f]{2})|0x([0-9a-f]{2}))(?:\s*[*×x]\s*([0-9_,]+))?/iy
  const parts: Buffer[] = []
  for (let found = term.exec(words); found !== null; found = term.exec(words)) {
    const [, text, byte, hex, times = '1'] = found
    const one = text === undefined ? Buffer.from(byte ?? hex ?? '', 'hex') : unescaped(text)
    parts.push(Buffer.alloc(one.length * Number(times.replace(/[_,]/g, '')), one))
  }
  return parts.length === 0 ? Buffer.from(words) : Buffer.concat(parts)
}

function unescaped(text: string): Buffer {
  const pieces = text.split(/(\\x[0-9a-f]{2}|\\[nrt0\\'])/i).map((piece) => {
    if (/^\\x/i.test(piece)) return Buffer.from(piece.slice(2), 'hex')
    const known: Record<string, string> = {
      '\\n': '\n',
      '\\r': '\r',
      '\\t': '\t',
      '\\0': '\0',
      '\\\\': '\\',
      "\\'": "'",
    }
    return Buffer.from(known[piece] ?? piece)
  })
  return Buffer.concat(pieces)
}
