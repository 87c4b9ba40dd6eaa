import { posix } from 'node:path'
import { Readable } from 'node:stream'
import { failures } from '../../contract/failures.ts'
import { type BlobContent, blobBatches, wholeContent } from './blobs.ts'
import type { Git } from './program.ts'
import type { TreeEntry } from './repository.ts'
import { endOfTar, padding, plainHeader, type TarEntry, tarHeader } from './tar.ts'

/**
 * A tar of the entries' raw blobs, after files that are not the tree's; submodules and links that leave the tree are not
 * in it.
 */
export function archiveEntries(
  git: Git,
  entries: readonly TreeEntry[],
  before: readonly ArchiveFile[] = [],
): Readable {
  const files = entries.filter((entry) => entry.mode !== '160000')
  const own = before.map(({ path }): File => ({ path, mode: '100644' }))
  return tarStream([...own, ...files], [], inTurn(eachAlone(before), blobBatches(git, files)))
}

async function* inTurn<T>(...all: readonly AsyncIterable<T>[]): AsyncGenerator<T> {
  for (const one of all) yield* one
}

/** A file of an archive that is not a tree's: in memory, or streamed where it is large. */
export interface ArchiveFile extends BlobContent {
  readonly path: string
}

/** A tar of such files; `empty` names folders that no file implies. */
export function archiveFiles(files: readonly ArchiveFile[], empty: readonly string[] = []): Readable {
  return tarStream(
    files.map(({ path }) => ({ path, mode: '100644' })),
    empty,
    eachAlone(files),
  )
}

async function* eachAlone(files: readonly ArchiveFile[]): AsyncGenerator<readonly BlobContent[]> {
  for (const file of files) yield [file]
}

type File = Pick<TreeEntry, 'path' | 'mode'>

function tarStream(
  files: readonly File[],
  empty: readonly string[],
  batches: AsyncIterable<readonly BlobContent[]>,
): Readable {
  const emptyPaths = empty.map((name) => ({ path: `${name}/` }))
  return Readable.from(tarPieces(files, folders([...files, ...emptyPaths]), batches), { objectMode: false })
}

async function* tarPieces(
  files: readonly File[],
  above: readonly string[],
  batches: AsyncIterable<readonly BlobContent[]>,
): AsyncGenerator<Buffer> {
  yield Buffer.concat(await Promise.all(above.map(folderHeader)))
  let at = 0
  for await (const batch of batches) {
    const pieces: Buffer[] = []
    for (const { size, content } of batch) {
      const file = files[at++]
      if (file === undefined) break
      if (file.mode === '120000') pieces.push(await linkHeader(file.path, content))
      else {
        const entry = fileEntry(file, size)
        pieces.push(plainHeader(entry) ?? (await tarHeader(entry)))
        if (Buffer.isBuffer(content)) pieces.push(content, padding(size))
        else yield* largeFile(pieces.splice(0), content, size)
      }
    }
    yield Buffer.concat(pieces)
  }
  if (at !== files.length) throw failures.internal(`an archive of ${files.length} files got ${at} contents`)
  yield endOfTar
}

async function* largeFile(
  before: readonly Buffer[],
  content: AsyncIterable<Buffer>,
  size: number,
): AsyncGenerator<Buffer> {
  yield Buffer.concat(before)
  yield* content
  yield padding(size)
}

function fileEntry(file: File, size: number): TarEntry {
  return { name: file.path, type: 'file', mode: file.mode === '100755' ? 0o755 : 0o644, size }
}

/** Nothing where the link leaves the tree. */
async function linkHeader(name: string, content: BlobContent['content']): Promise<Buffer> {
  const linkname = (await wholeContent(content)).toString('utf8')
  if (!linkStaysInside(name, linkname)) return Buffer.alloc(0)
  return tarHeader({ name, linkname, type: 'symlink', mode: 0o777, size: 0 })
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
    for (let slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
      const name = path.slice(0, slash)
      if (found.has(name)) break
      found.add(name)
    }
  }
  return [...found].sort()
}

function folderHeader(name: string): Promise<Buffer> {
  return tarHeader({ name: `${name}/`, type: 'directory', mode: 0o755, size: 0 })
}
