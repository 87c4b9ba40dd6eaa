import { gzipSync } from 'node:zlib'

const units: Readonly<Record<string, number>> = { k: 2 ** 10, m: 2 ** 20, g: 2 ** 30, t: 2 ** 40 }
const mebibyte = 2 ** 20

export interface Bomb {
  readonly bytes: number
  readonly files: number
  /** Entries and links that lead out of the folder that it is unpacked to. */
  readonly leaves: boolean
}

/** What a case says of an archive: `one 8 GiB sparse file and 200,000 small files`. */
export function bombOf(words: string): Bomb {
  const number = (text: string | undefined) => Number((text ?? '0').replaceAll(',', ''))
  // The largest that is named: `10 MB that unpack to 10 GiB`.
  const sizes = [...words.matchAll(/([\d.,]+)\s*([kmgt])i?b/gi)].map(
    ([, size, unit = '']) => number(size) * (units[unit.toLowerCase()] ?? 1),
  )
  const files = /([\d.,]+)\s+(?:\w+\s+)?(?:files|entries|inodes|links|folders|directories)/i.exec(words)
  return {
    bytes: Math.max(0, ...sizes),
    files: number(files?.[1]),
    leaves: /\.\.\/|travers|symlink|hard ?link|absolute/i.test(words),
  }
}

function header(
  name: string,
  size: number,
  link?: { readonly kind: '1' | '2'; readonly to: string },
): Buffer {
  const block = Buffer.alloc(512)
  block.write(name, 0)
  if (link !== undefined) block.write(link.kind, 156)
  if (link !== undefined) block.write(link.to, 157)
  block.write('0000644\0', 100)
  block.write('0000000\0', 108)
  block.write('0000000\0', 116)
  // Sizes that eleven octal digits cannot hold are written in binary.
  if (size < 8 ** 11) block.write(`${size.toString(8).padStart(11, '0')}\0`, 124)
  else {
    block.writeUInt8(0x80, 124)
    block.writeBigUInt64BE(BigInt(size), 128)
  }
  block.write('00000000000\0', 136)
  block.write('        0', 148)
  block.write('ustar\0' + '00', 257)
  const sum = block.reduce((total, byte) => total + byte, 0)
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  return block
}

function entry(name: string, text: string): Buffer {
  const body = Buffer.from(text)
  return Buffer.concat([header(name, body.length), body, Buffer.alloc((512 - (body.length % 512)) % 512)])
}

/** Every way in which an entry can lie about where it goes. */
const wayOut = [
  entry('package/../../../../../../../../tmp/CANARY_EXEC', 'x'),
  entry('/tmp/CANARY_EXEC', 'x'),
  header('package/link', 0, { kind: '2', to: '/tmp' }),
  entry('package/link/CANARY_EXEC', 'x'),
  header('package/hard', 0, { kind: '1', to: '/canary/outside.txt' }),
  header('package/index.js', 0, { kind: '2', to: '/canary/outside.txt' }),
  entry('package/../.git/hooks/pre-commit', '#!/bin/sh\ntouch /tmp/CANARY_EXEC\n'),
]

/** A package whose tarball is small and unpacks to what the words say. A gzip file may be many, one after another. */
export function bombTarball({ bytes, files, leaves }: Bomb): Buffer {
  const manifest = entry('package/package.json', JSON.stringify({ name: 'bomb', version: '1.0.0' }))
  const parts = [gzipSync(manifest)]
  const batch = 1000
  for (let at = 0; at < files; at += batch) {
    const names = Array.from({ length: Math.min(batch, files - at) }, (_, index) => `package/f/${at + index}`)
    parts.push(gzipSync(Buffer.concat(names.map((name) => entry(name, 'x'))), { level: 1 }))
  }
  if (leaves) parts.push(gzipSync(Buffer.concat(wayOut)))
  const whole = Math.ceil(bytes / mebibyte)
  const zeros = gzipSync(Buffer.alloc(mebibyte))
  if (whole > 0) parts.push(gzipSync(header('package/sparse', whole * mebibyte)))
  for (let at = 0; at < whole; at += 1) parts.push(zeros)
  return Buffer.concat([...parts, gzipSync(Buffer.alloc(1024))])
}
