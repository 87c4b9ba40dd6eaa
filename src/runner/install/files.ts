import { readFile } from 'node:fs/promises'
import { Readable } from 'node:stream'
import tar from 'tar-stream'
import type { StoredFile } from '../broker/store.ts'

/** A tar of a few files, for a container. */
export function filesArchive(files: ReadonlyMap<string, Buffer>): Readable {
  const pack = tar.pack()
  for (const [name, bytes] of files) pack.entry({ name, mode: 0o644 }, bytes)
  pack.finalize()
  return Readable.from(pack)
}

/** Most bytes of a store's files that an install begins with; the rest is asked for one by one. */
const maxContents = 256 * 1024 * 1024

/** Files of a store, below a folder, read as they are taken; what cannot be read is left out. */
export function contentsArchive(files: readonly StoredFile[], folder: string): Readable {
  const pack = tar.pack()
  void fill(pack, files, folder).catch((error: Error) => pack.destroy(error))
  return Readable.from(pack)
}

async function fill(pack: tar.Pack, files: readonly StoredFile[], folder: string): Promise<void> {
  let left = maxContents
  for (const { path, name, size } of files) {
    const bytes = size > left ? undefined : await readFile(path).catch(() => undefined)
    if (bytes === undefined) continue
    left -= bytes.length
    await new Promise<unknown>((taken) =>
      pack.entry({ name: `${folder}/${name}`, mode: 0o644 }, bytes, taken),
    )
  }
  pack.finalize()
}
