import { createHash } from 'node:crypto'
import type { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import ssri from 'ssri'
import { z } from 'zod'
import { archiveFiles } from '../git/archive.ts'

/** A source as package managers take it; its bytes lie in the store by their integrity. */
export const Packed = z.strictObject({
  integrity: z.string(),
  /** Hex. */
  sha1: z.string(),
  /** Text of its `package.json`. */
  manifest: z.string(),
  /** Paths that are not in it: submodules and links. */
  leftOut: z.array(z.string()),
})
export type Packed = z.infer<typeof Packed>

export type WithBytes = Packed & { readonly bytes: Buffer }

const zip = promisify(gzip)

export async function packedOf(archive: Readable, manifest: string, leftOut: string[]): Promise<WithBytes> {
  const bytes = await zip(await buffer(archive))
  return {
    bytes,
    integrity: ssri.fromData(bytes, { algorithms: ['sha512'] }).toString(),
    sha1: createHash('sha1').update(bytes).digest('hex'),
    manifest,
    leftOut,
  }
}

/** A package of nothing but its manifest. */
export function emptyPackage(name: string, version: string): Promise<WithBytes> {
  const manifest = JSON.stringify({ name, version })
  const content = Buffer.from(manifest)
  return packedOf(
    archiveFiles([{ path: 'package/package.json', size: content.byteLength, content }]),
    manifest,
    [],
  )
}
