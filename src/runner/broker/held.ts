import { once } from 'node:events'
import { createReadStream } from 'node:fs'
import { PassThrough, pipeline, Readable } from 'node:stream'
import cacache from 'cacache'
import ssri from 'ssri'

/** Files up to this size go through memory, bytes; a large one is read from disk, or passes through. */
export const smallBytes = 1 << 20

/** A large file on disk, whose bytes were checked. */
export interface KeptFile {
  readonly size: number
  /** Read anew by each reader. */
  stream(): Readable
}

/** What was fetched, in memory only where it is small. */
export type Held = Buffer | KeptFile

export function sizeOf(held: Held): number {
  return Buffer.isBuffer(held) ? held.length : held.size
}

export function streamOf(held: KeptFile | Readable): Readable {
  return held instanceof Readable ? held : held.stream()
}

/** For those who cannot read piece by piece. */
export async function whole(held: Held | Readable): Promise<Buffer> {
  return Buffer.isBuffer(held) ? held : Buffer.concat(await streamOf(held).toArray())
}

/** All that comes where it is small; else a stream of it from its beginning. Throws what it breaks off with. */
export async function gather(body: Readable): Promise<Buffer | Readable> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of body.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    chunks.push(chunk)
    size += chunk.length
    if (size > smallBytes) return goingOn(chunks, body)
  }
  return Buffer.concat(chunks, size)
}

function goingOn(chunks: readonly Buffer[], body: Readable): Readable {
  const all = new PassThrough()
  for (const chunk of chunks) all.write(chunk)
  // Each of the two ends with the other; whoever reads is told of an error.
  pipeline(body, all, () => {})
  return all
}

type Found = NonNullable<Awaited<ReturnType<typeof cacache.get.info>>>

interface Kept {
  readonly held: Held
  readonly metadata: unknown
}

/**
 * A file of a cache, checked against `integrity`, else against what it was when it came in. Undefined where it is missing
 * or damaged on disk: both mean a new download.
 */
export async function readKept(cache: string, key: string, integrity?: string): Promise<Kept | undefined> {
  const found = await cacache.get.info(cache, key).catch(() => null)
  if (found === null) return undefined
  try {
    return await checked(cache, found, integrity ?? found.integrity)
  } catch {
    // The cache would take what lies there for what comes next.
    await cacache.rm.content(cache, found.integrity).catch(() => {})
    return undefined
  }
}

async function checked(cache: string, found: Found, integrity: string): Promise<Kept> {
  const { path, size = 0, metadata } = found
  if (size > smallBytes) {
    await ssri.checkStream(createReadStream(path), integrity)
    return { held: { size, stream: () => createReadStream(path) }, metadata }
  }
  const data = await cacache.get.byDigest(cache, found.integrity, { memoize: false })
  ssri.checkData(data, integrity, { error: true })
  return { held: data, metadata }
}

/** Writes what comes into a cache, hashing it on the way; undefined, and nothing kept, where `integrity` is another. */
export async function keep(
  cache: string,
  key: string,
  body: Readable,
  { integrity, metadata }: { readonly integrity: string; readonly metadata?: object },
): Promise<Held | undefined> {
  const sink = cacache.put.stream(cache, key, {
    ...{ integrity, memoize: false },
    ...(metadata === undefined ? {} : { metadata }),
  })
  const ended = sink.promise()
  // Told where it is awaited.
  ended.catch(() => {})
  try {
    for await (const chunk of body as AsyncIterable<Buffer>)
      if (!sink.write(chunk)) await Promise.race([once(sink, 'drain'), ended])
  } catch (error) {
    // What came so far has another hash: ended now, it is thrown away.
    sink.end()
    await ended.catch(() => {})
    throw error
  }
  sink.end()
  try {
    await ended
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EINTEGRITY') return undefined
    throw error
  }
  // A damaged file that lay in its place would have stayed there.
  const kept = await readKept(cache, key, integrity)
  if (kept === undefined) throw new Error(`the cache has lost ${key}`)
  return kept.held
}
