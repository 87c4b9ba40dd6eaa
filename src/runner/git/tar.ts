import { pack } from 'tar-stream'

/** The user that every container runs as. */
const owner = { uid: 1000, gid: 1000, uname: '', gname: '' }
/** One moment for every file, so that equal trees make equal archives; after 1980, for zip's sake. */
const mtime = new Date('2020-01-01T00:00:00Z')

const block = 512

export type EntryType = 'file' | 'directory' | 'symlink'

export interface TarEntry {
  readonly name: string
  readonly type: EntryType
  readonly mode: number
  /** Bytes that follow the header, padded by `padding`. */
  readonly size: number
  readonly linkname?: string
}

export const endOfTar = Buffer.alloc(2 * block)

/** Zeros that fill a content up to whole blocks. */
export function padding(size: number): Buffer {
  return endOfTar.subarray(0, (block - (size % block)) % block)
}

/** The header of an entry. Plain ones are written here, because a tree has many; the rest by tar-stream. */
export async function tarHeader(entry: TarEntry): Promise<Buffer> {
  return plainHeader(entry) ?? libraryHeader(entry)
}

const plainName = /^[\x20-\x7e]{1,100}$/
const largestPlain = 0o77777777777

/** A ustar header (POSIX.1-1988) of a file or folder with a short ASCII name; undefined for others. */
export function plainHeader({ name, type, mode, size }: TarEntry): Buffer | undefined {
  if (type === 'symlink' || !plainName.test(name) || size > largestPlain) return undefined
  const header = Buffer.from(type === 'file' ? fileTemplate : folderTemplate)
  header.write(name, 0, 'latin1')
  header.write(octal(mode, 7), 100, 'latin1')
  header.write(octal(size, 11), 124, 'latin1')
  let sum = type === 'file' ? fileSum : folderSum
  for (let at = 0; at < name.length; at += 1) sum += header[at] ?? 0
  for (let at = 100; at < 107; at += 1) sum += header[at] ?? 0
  for (let at = 124; at < 135; at += 1) sum += header[at] ?? 0
  header.write(`${octal(sum, 6)}\0 `, 148, 'latin1')
  return header
}

function octal(value: number, digits: number): string {
  return value.toString(8).padStart(digits, '0')
}

function template(type: '0' | '5'): Buffer {
  const header = Buffer.alloc(block)
  header.write(octal(owner.uid, 7), 108, 'latin1')
  header.write(octal(owner.gid, 7), 116, 'latin1')
  header.write(octal(mtime.getTime() / 1000, 11), 136, 'latin1')
  header.write(' '.repeat(8), 148, 'latin1')
  header.write(type, 156, 'latin1')
  header.write('ustar\x0000', 257, 'latin1')
  return header
}

const fileTemplate = template('0')
const folderTemplate = template('5')
/** The checksum is the sum of all bytes: that of the parts no entry changes is known. */
const fileSum = fileTemplate.reduce((sum, byte) => sum + byte, 0)
const folderSum = folderTemplate.reduce((sum, byte) => sum + byte, 0)

/** Long, foreign and linked names, with the extended headers they need. */
async function libraryHeader({ linkname, ...entry }: TarEntry): Promise<Buffer> {
  const archive = pack()
  const sink = archive.entry({ ...entry, ...(linkname === undefined ? {} : { linkname }), mtime, ...owner })
  sink.on('error', () => {}) // the content never comes: only what stands before it is wanted
  let header = Buffer.alloc(0)
  for await (const piece of archive as AsyncIterable<Buffer>) {
    header = Buffer.concat([header, piece])
    if (header.length >= headerLength(header)) break
  }
  return header.subarray(0, headerLength(header))
}

/** One block; or an extended header (type x), its padded records, and one block. */
function headerLength(start: Buffer): number {
  if (start[156] !== 'x'.charCodeAt(0)) return block
  const records = Number.parseInt(start.toString('latin1', 124, 135), 8)
  return 2 * block + records + padding(records).length
}
