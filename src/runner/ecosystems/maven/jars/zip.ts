import { unzipSync } from 'fflate'
import type { DocumentAnswer } from '../../../../contract/agent.ts'

/** A jar by the name that is told of it. */
export interface NamedJar {
  readonly name: string
  readonly bytes: Uint8Array
}

const limits = { entries: 200_000, entryBytes: 4_000_000 } as const

class TooMany extends Error {}

/** Names of all entries; nothing is unpacked. */
export function namesIn({ name, bytes }: NamedJar): readonly string[] | { readonly refused: string } {
  const names: string[] = []
  try {
    unzipSync(bytes, {
      filter: (entry) => {
        if (names.length >= limits.entries) throw new TooMany()
        names.push(entry.name)
        return false
      },
    })
    return names
  } catch (error) {
    const why = error instanceof TooMany ? `it has more than ${limits.entries} entries` : 'it is no jar'
    return { refused: `${name} cannot be read: ${why}` }
  }
}

/** Bytes of one entry, never more of them than its own header says. */
export function bytesOf({ name, bytes }: NamedJar, entry: string): Buffer | { readonly refused: string } {
  let tooLarge: number | undefined
  try {
    const files = unzipSync(bytes, {
      filter: (one) => {
        if (one.name !== entry) return false
        if (one.originalSize > limits.entryBytes) tooLarge = one.originalSize
        return one.originalSize <= limits.entryBytes
      },
    })
    const found = files[entry]
    if (tooLarge !== undefined) {
      return { refused: `${entry} of ${name} is too large to be shown: ${tooLarge} bytes` }
    }
    if (found !== undefined) return Buffer.from(found.buffer, found.byteOffset, found.byteLength)
  } catch {
    // Damaged, encrypted, or packed in a way that is not known.
  }
  return { refused: `${entry} of ${name} cannot be unpacked` }
}

/** The same as text; a binary file is named as one. */
export function textOf(jar: NamedJar, entry: string): DocumentAnswer {
  const bytes = bytesOf(jar, entry)
  if ('refused' in bytes) return bytes
  if (bytes.length === 0) return { text: '[the entry is empty]' }
  if (bytes.subarray(0, 8192).includes(0)) {
    return { text: `[a binary entry of ${bytes.length} bytes; not shown]` }
  }
  return { text: bytes.toString('utf8') }
}

/** Java packages that a jar has classes in; none where it cannot be read. */
export function packagesIn(jar: NamedJar): readonly string[] {
  const names = namesIn(jar)
  if ('refused' in names) return []
  const classes = names.filter((name) => name.endsWith('.class') && !name.startsWith('META-INF/'))
  const folders = classes.map((name) => name.slice(0, Math.max(0, name.lastIndexOf('/'))))
  return [...new Set(folders)].filter((folder) => folder !== '').map((folder) => folder.replaceAll('/', '.'))
}
