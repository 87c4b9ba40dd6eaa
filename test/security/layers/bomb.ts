import { gzipSync } from 'node:zlib'

const units: Readonly<Record<string, number>> = { k: 2 ** 10, m: 2 ** 20, g: 2 ** 30, t: 2 ** 40 }
const mebibyte = 2 ** 20

export interface Bomb {
  readonly bytes: number
  readonly files: number
}

/** What a case says of an archive: `one 8 GiB sparse file and 200,000 small files`. */
export function bombOf(words: string): Bomb {
  const size = /([\d.,]+)\s*([kmgt])i?b/i.exec(words)
  const files = /([\d.,]+)\s+(?:\w+\s+)?(?:files|entries|inodes|links|folders|directories)/i.exec(words)
  const number = (text: string | undefined) => Number((text ?? '0').replaceAll(',', ''))
  return {
    bytes: number(size?.[1]) * (units[size?.[2]?.toLowerCase() ?? ''] ?? 1),
    files: number(files?.[1]),
  }
}

function header(name: string, size: number): Buffer {
  const block = Buffer.alloc(512)
  block.write(name, 0)
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

/** A package whose tarball is small and unpacks to what the words say. A gzip file may be many, one after another. */
export function bombTarball({ bytes, files }: Bomb): Buffer {
  const manifest = entry('package/package.json', JSON.stringify({ name: 'bomb', version: '1.0.0' }))
  const parts = [gzipSync(manifest)]
  const batch = 1000
  for (let at = 0; at < files; at += batch) {
    const names = Array.from({ length: Math.min(batch, files - at) }, (_, index) => `package/f/${at + index}`)
    parts.push(gzipSync(Buffer.concat(names.map((name) => entry(name, 'x'))), { level: 1 }))
  }
  const whole = Math.ceil(bytes / mebibyte)
  const zeros = gzipSync(Buffer.alloc(mebibyte))
  if (whole > 0) parts.push(gzipSync(header('package/sparse', whole * mebibyte)))
  for (let at = 0; at < whole; at += 1) parts.push(zeros)
  return Buffer.concat([...parts, gzipSync(Buffer.alloc(1024))])
}
