import { gunzipSync } from 'node:zlib'
import tar from 'tar-stream'
import { changelogName } from '../../release/changelog.ts'

/** A package's text files by path; what no reader here looks at is left out. */
export type PackageFiles = ReadonlyMap<string, string>

const limits = {
  unpackedBytes: 256_000_000,
  entries: 30_000,
  fileBytes: 4_000_000,
  textBytes: 96_000_000,
} as const

const wanted = /(^|\/)package\.json$|\.[cm]?js$|\.d\.[cm]?ts$/
const leftOut = /(^|\/)(node_modules|test|tests|__tests__|umd|src\/locale)\/|\.min\.[cm]?js$/

function isWanted(path: string): boolean {
  return (wanted.test(path) && !leftOut.test(path)) || changelogName([path]) !== undefined
}

/** Reads a published tarball in memory, within limits; links and anything but plain files are passed over. */
export async function readTarball(
  bytes: Uint8Array,
  isTaken: (path: string) => boolean = isWanted,
): Promise<PackageFiles> {
  const unpacked = gunzipSync(bytes, { maxOutputLength: limits.unpackedBytes })
  const extract = tar.extract()
  const files = new Map<string, string>()
  let room: number = limits.textBytes
  let entries = 0
  extract.end(unpacked)
  for await (const entry of extract) {
    entries += 1
    if (entries > limits.entries) break
    const { name, type, size = 0 } = entry.header
    // npm takes any name for the one folder that everything lies in.
    const path = name.replace(/^\.\//, '').split('/').slice(1).join('/')
    const take = type === 'file' && isTaken(path) && size <= limits.fileBytes && size <= room
    if (!take) {
      entry.resume()
      continue
    }
    room -= size
    const chunks: Buffer[] = []
    for await (const chunk of entry) chunks.push(chunk as Buffer)
    files.set(path, Buffer.concat(chunks).toString('utf8'))
  }
  return files
}
