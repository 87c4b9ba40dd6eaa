import { posix } from 'node:path'
import { Readable } from 'node:stream'
import tar from 'tar-stream'
import { CONTAINER_UID } from './containerOptions.ts'

type Entry = tar.Extract extends AsyncIterable<infer Source> ? Source : never

const OWNER = { uid: CONTAINER_UID, gid: CONTAINER_UID, uname: '', gname: '' }

/**
 * The same archive, everything owned by the container's user. Folders that the archive leaves out
 * are added: the engine would make them as root.
 */
export function ownedByContainerUser(archive: Readable): Readable {
  const out = tar.pack()
  void rewrite(archive, out).catch((error: unknown) => out.destroy(error as Error))
  return Readable.from(out)
}

async function rewrite(archive: Readable, out: tar.Pack): Promise<void> {
  const source = tar.extract()
  archive.on('error', (error) => source.destroy(error))
  archive.pipe(source)
  const seen = new Set<string>()
  for await (const entry of source) {
    addParents(out, entry.header.name, seen)
    const header = { ...entry.header, ...OWNER, pax: null }
    if (header.type === 'file' || header.type === 'contiguous-file') await copyFile(out, header, entry)
    else copyBodiless(out, header, entry)
  }
  out.finalize()
}

// Not `pipeline`: these are streamx streams, which close before Node's pipeline sees their finish.
function copyFile(out: tar.Pack, header: tar.Header, entry: Entry): Promise<void> {
  return new Promise((resolve, reject) => {
    const target = out.entry(header, (error) => (error ? reject(error) : resolve()))
    entry.on('error', reject)
    entry.pipe(target)
  })
}

function copyBodiless(out: tar.Pack, header: tar.Header, entry: Entry): void {
  out.entry(header)
  entry.resume()
}

function addParents(out: tar.Pack, name: string, seen: Set<string>): void {
  const parts = posix.dirname(posix.normalize(name)).split('/')
  for (let depth = 1; depth <= parts.length; depth++) {
    const folder = parts.slice(0, depth).join('/')
    if (folder === '.' || folder === '' || seen.has(folder)) continue
    seen.add(folder)
    out.entry({ name: `${folder}/`, type: 'directory', mode: 0o755, ...OWNER })
  }
}

/** A small archive of folders, owned by the container's user. */
export function foldersArchive(names: readonly string[]): Readable {
  const out = tar.pack()
  for (const name of names) out.entry({ name: `${name}/`, type: 'directory', mode: 0o755, ...OWNER })
  out.finalize()
  return Readable.from(out)
}
