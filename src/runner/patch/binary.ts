import { inflateSync } from 'node:zlib'
import { failures } from '../../contract/failures.ts'

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~'

/** Git's base-85: the first letter of a line is its length, five letters are four bytes. */
function decodeLine(line: string): Buffer {
  const letter = line.charCodeAt(0)
  const length = letter <= 90 ? letter - 64 : letter - 96 + 26
  const digits = line.slice(1)
  if (digits.length % 5 !== 0 || digits.length / 5 !== Math.ceil(length / 4)) {
    throw failures.patchRefused('binary data is not well formed')
  }
  const bytes = Buffer.alloc((digits.length / 5) * 4)
  for (let at = 0; at < digits.length; at += 5) {
    let word = 0
    for (const digit of digits.slice(at, at + 5)) word = word * 85 + alphabet.indexOf(digit)
    if (word > 0xffffffff) throw failures.patchRefused('binary data is not well formed')
    bytes.writeUInt32BE(word, (at / 5) * 4)
  }
  return bytes.subarray(0, length)
}

/**
 * Checks one block of a binary patch: it inflates to the size it says, and what it makes stays under
 * `maxBytes`. A few bytes of a delta can name gigabytes.
 */
export function checkBinaryBlock(start: string, lines: readonly string[], maxBytes: number): void {
  const [kind, declared] = start.split(' ')
  const size = Number(declared)
  if (size > maxBytes) throw failures.patchRefused('a binary file is too large')
  const data = inflate(Buffer.concat(lines.map(decodeLine)), size)
  if (data.length !== size) throw failures.patchRefused('binary data has another size than it says')
  if (kind !== 'delta') return
  const source = variableLength(data, 0)
  const target = variableLength(data, source.end)
  if (source.value > maxBytes * 20 || target.value > maxBytes) {
    throw failures.patchRefused('a binary file is too large')
  }
}

function inflate(data: Buffer, size: number): Buffer {
  try {
    return inflateSync(data, { maxOutputLength: size + 1 })
  } catch (error) {
    throw failures.patchRefused('binary data cannot be inflated', String(error))
  }
}

/** Git's little-endian number of seven bits a byte. */
function variableLength(data: Buffer, start: number): { readonly value: number; readonly end: number } {
  let value = 0
  for (let at = start, scale = 1; at < data.length && at < start + 8; at += 1, scale *= 128) {
    const byte = data[at] ?? 0
    value += (byte & 127) * scale
    if (byte < 128) return { value, end: at + 1 }
  }
  throw failures.patchRefused('a binary delta is not well formed')
}
