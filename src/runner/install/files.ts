import { Readable } from 'node:stream'
import tar from 'tar-stream'

/** A tar of a few files, for a container. */
export function filesArchive(files: ReadonlyMap<string, Buffer>): Readable {
  const pack = tar.pack()
  for (const [name, bytes] of files) pack.entry({ name, mode: 0o644 }, bytes)
  pack.finalize()
  return Readable.from(pack)
}
