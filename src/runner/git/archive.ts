import { once } from 'node:events'
import { posix } from 'node:path'
import { PassThrough, pipeline, type Readable } from 'node:stream'
import { type Header, pack as makePack, type Pack } from 'tar-stream'
import { blobContents } from './blobs.ts'
import type { TreeEntry } from './repository.ts'
import type { Git } from './run.ts'

type EntryHeader = Partial<Header> & Pick<Header, 'name'>

/** The user that every container runs as. */
const owner = { uid: 1000, gid: 1000, uname: '', gname: '' }
/** One moment for every file, so that equal trees make equal archives; after 1980, for zip's sake. */
const mtime = new Date('2020-01-01T00:00:00Z')

/** A tar of the entries' raw blobs; submodules and links that leave the tree are not in it. */
export function archiveEntries(git: Git, entries: readonly TreeEntry[]): Readable {
  const files = entries.filter((entry) => entry.mode !== '160000')
  return tarStream(async (pack) => {
    for (const name of folders(files)) await addWhole(pack, folderHeader(name))
    const contents = blobContents(
      git,
      files.map((file) => file.blob),
    )
    let at = 0
    for await (const { size, content } of contents) {
      const file = files[at++]
      if (file === undefined) break
      if (file.mode === '120000') await addLink(pack, file.path, await collect(content))
      else await addFile(pack, file.path, size, content, file.mode === '100755')
    }
  })
}

/** A tar of files held in memory; `empty` names folders that no file implies. */
export function archiveFiles(files: ReadonlyMap<string, Buffer>, empty: readonly string[] = []): Readable {
  return tarStream(async (pack) => {
    const implied = folders([...files.keys(), ...empty.map((name) => `${name}/`)].map((path) => ({ path })))
    for (const name of implied) await addWhole(pack, folderHeader(name))
    for (const [path, bytes] of files) await addFile(pack, path, bytes.length, bytes, false)
  })
}

/** Fills a tar and hands it out as a Node stream; an error on either side ends both. */
function tarStream(fill: (pack: Pack) => Promise<void>): Readable {
  const pack = makePack()
  const out = new PassThrough({ highWaterMark: 1024 * 1024 })
  pipeline(pack, out, () => {})
  fill(pack).then(
    () => pack.finalize(),
    (error: unknown) => pack.destroy(error instanceof Error ? error : new Error(String(error))),
  )
  return out
}

async function addFile(
  pack: Pack,
  name: string,
  size: number,
  content: Buffer | AsyncIterable<Buffer>,
  executable: boolean,
): Promise<void> {
  const header: EntryHeader = { name, size, mode: executable ? 0o755 : 0o644, mtime, type: 'file', ...owner }
  if (Buffer.isBuffer(content)) return addWhole(pack, header, content)
  const sink = pack.entry(header)
  for await (const piece of content) if (!sink.write(piece)) await once(sink, 'drain')
  sink.end(Buffer.alloc(0))
  await once(sink, 'finish')
}

async function addLink(pack: Pack, name: string, target: Buffer): Promise<void> {
  const linkname = target.toString('utf8')
  if (!linkStaysInside(name, linkname)) return
  await addWhole(pack, { name, linkname, type: 'symlink', mode: 0o777, mtime, ...owner })
}

/** Whether a link is relative and, read lexically, ends inside the tree and outside `.git`. */
export function linkStaysInside(path: string, target: string): boolean {
  if (target === '' || target.includes('\0') || posix.isAbsolute(target)) return false
  const end = posix.normalize(posix.join(posix.dirname(path), target))
  return end !== '..' && !end.startsWith('../') && !/(^|\/)\.git(\/|$)/i.test(end)
}

/** Every folder above the entries, parents first: without them an engine would make them as root. */
function folders(entries: readonly { readonly path: string }[]): readonly string[] {
  const found = new Set<string>()
  for (const { path } of entries) {
    for (let slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
      found.add(path.slice(0, slash))
    }
  }
  return [...found].sort()
}

function folderHeader(name: string): EntryHeader {
  return { name: `${name}/`, type: 'directory', mode: 0o755, mtime, ...owner }
}

/** Adds one entry and waits until the reader has room for the next. */
function addWhole(pack: Pack, header: EntryHeader, content: Buffer = Buffer.alloc(0)): Promise<void> {
  return new Promise((resolve, reject) => {
    pack.entry(header, content, (error) => (error ? reject(error) : resolve()))
  })
}

async function collect(content: Buffer | AsyncIterable<Buffer>): Promise<Buffer> {
  if (Buffer.isBuffer(content)) return content
  const pieces: Buffer[] = []
  for await (const piece of content) pieces.push(piece)
  return Buffer.concat(pieces)
}
