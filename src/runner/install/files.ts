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

/** Files of a store, below a folder; what cannot be read is left out. */
export function contentsArchive(files: readonly StoredFile[], folder: string): Readable {
  return Readable.from(tarOf(files, folder))
}

async function* tarOf(files: readonly StoredFile[], folder: string): AsyncGenerator<Buffer> {
  const pack = tar.pack()
  let left = maxContents
  const fill = async (): Promise<void> => {
    for (const { path, name, size } of files) {
      if (size > left) continue
      const bytes = await readFile(path).catch(() => undefined)
      if (bytes === undefined) continue
      left -= bytes.length
      await new Promise<void>((resolve) =>
        pack.entry({ name: `${folder}/${name}`, mode: 0o644 }, bytes, () => resolve()),
      )
    }
    pack.finalize()
  }
  void fill().catch((error: unknown) =>
    pack.destroy(error instanceof Error ? error : new Error(String(error))),
  )
  yield* pack as AsyncIterable<Buffer>
}
