import { type FileHandle, mkdtemp, open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { failures } from '../../contract/failures.ts'
import type { Git } from './program.ts'

export interface BlobRef {
  readonly blob: string
  /** Bytes, as the tree's listing gave them. */
  readonly size: number
}

export interface BlobContent {
  readonly size: number
  /** Whole for all but large blobs; a stream must be read before the next blob is asked for. */
  readonly content: Buffer | AsyncIterable<Buffer>
}

/** A group of blobs is fetched at once and held in memory; a larger blob is a group of its own, streamed. */
const groupBytes = 8 * 1024 * 1024
const groupBlobs = 8192
const wholeBytes = 1024 * 1024

/** The raw bytes of many blobs in order. */
export async function* blobContents(git: Git, blobs: readonly BlobRef[]): AsyncGenerator<BlobContent> {
  for await (const batch of blobBatches(git, blobs)) yield* batch
}

/**
 * The same, group by group. Each group goes through a scratch file, while the next is on its way: git
 * writes to a pipe in pieces so small that reading them would take longer than everything else.
 */
export async function* blobBatches(
  git: Git,
  blobs: readonly BlobRef[],
): AsyncGenerator<readonly BlobContent[]> {
  if (blobs.length === 0) return
  const scratch = await mkdtemp(join(git.dir, 'scratch-'))
  const groups = [...grouped(blobs)]
  const fetchAt = (at: number) => {
    const group = groups[at]
    const fetched = group === undefined ? undefined : fetchGroup(git, group, join(scratch, `group-${at}`))
    fetched?.catch(() => {}) // told when its turn comes
    return fetched
  }
  let next = fetchAt(0)
  try {
    for (const [at, group] of groups.entries()) {
      const file = await next
      next = fetchAt(at + 1)
      if (file !== undefined) yield* readGroup(file, group)
    }
  } finally {
    await next?.then(
      (file) => file.close(),
      () => {},
    )
    await rm(scratch, { recursive: true, force: true })
  }
}

function* grouped(blobs: readonly BlobRef[]): Generator<readonly BlobRef[]> {
  let group: BlobRef[] = []
  let bytes = 0
  for (const blob of blobs) {
    const full = bytes + blob.size > groupBytes || group.length >= groupBlobs || blob.size > wholeBytes
    if (full && group.length > 0) {
      yield group
      group = []
      bytes = 0
    }
    group.push(blob)
    // Not even an empty one goes with a large one.
    bytes += blob.size > wholeBytes ? Number.POSITIVE_INFINITY : blob.size
  }
  yield group
}

async function fetchGroup(git: Git, group: readonly BlobRef[], path: string): Promise<FileHandle> {
  const file = await open(path, 'wx+', 0o600)
  try {
    await rm(path) // nothing is left, whatever happens
    const input = group.map(({ blob }) => `${blob}\n`).join('')
    await git.toFile(['cat-file', '--batch', '--buffer'], input, file)
    return file
  } catch (error) {
    await file.close()
    throw error
  }
}

async function* readGroup(
  file: FileHandle,
  group: readonly BlobRef[],
): AsyncGenerator<readonly BlobContent[]> {
  try {
    const [first] = group
    const { size: bytes } = await file.stat()
    if (first !== undefined && first.size > wholeBytes) yield [largeContent(file, first)]
    else yield wholeContents(await readFrom(file, 0, bytes), group)
  } finally {
    await file.close()
  }
}

function wholeContents(output: Buffer, group: readonly BlobRef[]): readonly BlobContent[] {
  let at = 0
  return group.map(({ blob, size }) => {
    const head = header(blob, size)
    const start = at + head.length
    if (output.toString('latin1', at, start) !== head) throw unexpected(blob)
    at = start + size + 1
    return { size, content: output.subarray(start, start + size) }
  })
}

/** What `cat-file --batch` writes before a blob's bytes; a line end follows them. */
function header(blob: string, size: number): string {
  return `${blob} blob ${size}\n`
}

function unexpected(blob: string) {
  return failures.gitFailed('cat-file', `${blob} is missing or not as the tree says`)
}

function largeContent(file: FileHandle, { blob, size }: BlobRef): BlobContent {
  const head = header(blob, size)
  const pieces = async function* () {
    if ((await readFrom(file, 0, head.length)).toString('latin1') !== head) throw unexpected(blob)
    for (let at = 0; at < size; at += wholeBytes) {
      yield await readFrom(file, head.length + at, Math.min(wholeBytes, size - at))
    }
  }
  return { size, content: pieces() }
}

async function readFrom(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(length)
  for (let at = 0; at < length; ) {
    const { bytesRead } = await file.read(bytes, at, length - at, position + at)
    if (bytesRead === 0) throw failures.gitFailed('cat-file', 'its output ended early')
    at += bytesRead
  }
  return bytes
}

/** A content as one buffer. */
export async function wholeContent(content: BlobContent['content']): Promise<Buffer> {
  if (Buffer.isBuffer(content)) return content
  const pieces: Buffer[] = []
  for await (const piece of content) pieces.push(piece)
  return Buffer.concat(pieces)
}
