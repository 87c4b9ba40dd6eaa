import { createHash } from 'node:crypto'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import cacache from 'cacache'
import { LRUCache } from 'lru-cache'
import { gather, type Held, keep, readKept, sizeOf, streamOf } from '../../broker/held.ts'
import { refusals } from '../../broker/refusal.ts'
import {
  createRemote,
  type Remote,
  type RemoteAnswer,
  type RemoteRequest,
} from '../../broker/remote/remote.ts'
import type { Behind } from '../../broker/served.ts'
import type { Connection, Upstream } from '../../broker/upstream.ts'

export interface MavenSourceOptions {
  /** Asked in this order; the first that has a file answers. */
  readonly upstreams: readonly Upstream[]
  readonly connection: Connection
  /** Folder on the host, shared by all sessions of the user. */
  readonly cacheDir: string
  /** Largest file, bytes. */
  readonly maxBytes: number
  /** Nobody waits for the cache; without it a file is kept before it is handed over. */
  readonly behind?: Behind
}

export interface MavenFile {
  /** A stream where it is large and nothing says what it must be: then it can be read once, and nothing keeps it. */
  readonly body: Held | Readable
  /** Hex; undefined for what changes, such as metadata. */
  readonly sha1?: string
  /** Served from the host's cache. */
  readonly cached: boolean
}

export interface Found {
  readonly host: string
  readonly body: Buffer
}

/** The user's Maven repositories as one. */
export interface MavenSource {
  /**
   * `group/artifact/version/file`, or a checksum of one; undefined where no repository has it. Throws a `Refusal` where
   * bytes do not match their checksum, or a repository cannot be reached.
   */
  get(path: string, signal?: AbortSignal): Promise<MavenFile | undefined>
  /** The same file of every repository that has it: metadata is the sum of all. */
  all(path: string, signal?: AbortSignal): Promise<readonly Found[]>
  /** Since when the first repository that has the file has it so; undefined where it does not say. */
  modified(path: string, signal?: AbortSignal): Promise<Date | undefined>
}

interface State extends MavenSourceOptions {
  readonly remote: Remote
  readonly store: string
  readonly pending: Map<string, Promise<Released | undefined>>
  /** Small files that were asked for just now, by path. */
  readonly recent: LRUCache<string, Shared>
}

type Shared = MavenFile & { readonly body: Held }
/** Large and without a checksum: each who wants it asks this one for himself. */
interface Unchecked {
  readonly of: Upstream
}
type Released = Shared | Unchecked

/** Of small files together. */
const recentBytes = 32 << 20

const checksum = /\.(sha1|md5|sha256|sha512)$/
const changing = /(^|\/)maven-metadata[^/]*\.xml(\.\w+)?$|-SNAPSHOT\//

/** Released files are kept by address once their checksum matched; what changes is asked for again each time. */
export function createMavenSource(options: MavenSourceOptions): MavenSource {
  const state: State = {
    ...options,
    remote: createRemote(options.upstreams, options.connection),
    store: `${options.cacheDir}/maven`,
    pending: new Map(),
    recent: new LRUCache({ maxSize: recentBytes, sizeCalculation: ({ body }) => sizeOf(body) || 1 }),
  }
  return {
    get: (path, signal) => get(state, path, signal),
    all: async (path, signal) => {
      const answers = options.upstreams.map(async (upstream) => {
        const answer = await ask(state, upstream, path, signal)
        return answer === undefined ? [] : [{ host: new URL(upstream.url).host, body: answer.body }]
      })
      return (await Promise.all(answers)).flat()
    },
    modified: (path, signal) => modified(state, path, signal),
  }
}

async function modified(state: State, path: string, signal?: AbortSignal): Promise<Date | undefined> {
  for (const upstream of state.upstreams) {
    const url = `${upstream.url}${path}`
    const found = await state.remote(url, { ...requestFor(state, path, signal), method: 'HEAD' })
    if (!isThere(found.status, path, url)) continue
    const date = new Date(found.lastModified ?? '')
    return Number.isNaN(date.getTime()) ? undefined : date
  }
  return undefined
}

async function get(state: State, path: string, signal?: AbortSignal): Promise<MavenFile | undefined> {
  if (changing.test(path)) return await changingFile(state, path, signal)
  const [extension, algorithm] = checksum.exec(path) ?? []
  if (extension === undefined || algorithm === undefined) return await released(state, path, signal)
  const file = await released(state, path.slice(0, -extension.length), signal)
  if (file === undefined) return undefined
  const known = algorithm === 'sha1' ? file.sha1 : undefined
  return { body: Buffer.from(known ?? (await digest(file.body, algorithm))), cached: file.cached }
}

async function digest(body: MavenFile['body'], algorithm: string): Promise<string> {
  const hash = createHash(algorithm)
  if (Buffer.isBuffer(body)) return hash.update(body).digest('hex')
  await pipeline(streamOf(body), hash)
  return hash.digest('hex')
}

async function changingFile(
  state: State,
  path: string,
  signal?: AbortSignal,
): Promise<MavenFile | undefined> {
  for (const upstream of state.upstreams) {
    const body = await open(state, upstream, path, signal)
    if (body !== undefined) return { body, cached: false }
  }
  return undefined
}

async function released(state: State, path: string, signal?: AbortSignal): Promise<MavenFile | undefined> {
  const found = await shared(state, path, signal)
  if (found === undefined || !('of' in found)) return found
  const body = await open(state, found.of, path, signal)
  return body === undefined ? undefined : { body, cached: false }
}

/** Requests for one file at the same time are one. */
function shared(state: State, path: string, signal?: AbortSignal): Promise<Released | undefined> {
  const recent = state.recent.get(path)
  if (recent !== undefined) return Promise.resolve(recent)
  const known = state.pending.get(path)
  if (known !== undefined) return known
  const pending = read(state, path, signal).finally(() => state.pending.delete(path))
  state.pending.set(path, pending)
  return pending
}

async function read(state: State, path: string, signal?: AbortSignal): Promise<Released | undefined> {
  for (const upstream of state.upstreams) {
    const stored = await kept(state, upstream, path)
    if (stored !== undefined) return remembered(state, path, stored)
  }
  for (const upstream of state.upstreams) {
    const [file, sidecar] = await Promise.all([
      open(state, upstream, path, signal),
      ask(state, upstream, `${path}.sha1`, signal),
    ])
    if (file === undefined) continue
    const declared = /\b[0-9a-f]{40}\b/i.exec(sidecar?.body.toString('latin1') ?? '')?.[0]?.toLowerCase()
    return await checked(state, upstream, path, file, declared)
  }
  return undefined
}

/** Without a checksum nothing says that these bytes are the right ones for ever: then they are not kept. */
async function checked(
  state: State,
  upstream: Upstream,
  path: string,
  file: Buffer | Readable,
  declared: string | undefined,
): Promise<Released> {
  if (Buffer.isBuffer(file)) {
    const sha1 = createHash('sha1').update(file).digest('hex')
    if (declared !== undefined && declared !== sha1) throw refusals.integrity(path, `sha1-${declared}`)
    if (declared === undefined) return { body: file, sha1, cached: false }
    const write = cacache.put(state.store, key(upstream, path), file, { metadata: { sha1 }, memoize: false })
    await (state.behind?.(write) ?? write)
    return remembered(state, path, { body: file, sha1, cached: false })
  }
  if (declared === undefined) {
    file.destroy()
    return { of: upstream }
  }
  const integrity = `sha1-${Buffer.from(declared, 'hex').toString('base64')}`
  const body = await keep(state.store, key(upstream, path), file, { integrity, metadata: { sha1: declared } })
  if (body === undefined) throw refusals.integrity(path, `sha1-${declared}`)
  return { body, sha1: declared, cached: false }
}

function remembered(state: State, path: string, file: Shared): Shared {
  if (Buffer.isBuffer(file.body)) state.recent.set(path, file)
  return file
}

function key(upstream: Upstream, path: string): string {
  return `drydock:${upstream.url}${path}`
}

async function kept(state: State, upstream: Upstream, path: string): Promise<Shared | undefined> {
  const found = await readKept(state.store, key(upstream, path))
  const sha1: unknown = (found?.metadata as { sha1?: unknown } | undefined)?.sha1
  return found !== undefined && typeof sha1 === 'string'
    ? { body: found.held, sha1, cached: true }
    : undefined
}

/** Undefined where the repository has no such file. */
async function ask(
  state: State,
  upstream: Upstream,
  path: string,
  signal?: AbortSignal,
): Promise<RemoteAnswer | undefined> {
  const url = `${upstream.url}${path}`
  const found = await state.remote(url, requestFor(state, path, signal))
  return isThere(found.status, path, url) ? found : undefined
}

/** The same, without taking what is large into memory. */
async function open(
  state: State,
  upstream: Upstream,
  path: string,
  signal?: AbortSignal,
): Promise<Buffer | Readable | undefined> {
  const url = `${upstream.url}${path}`
  const found = await state.remote.open(url, requestFor(state, path, signal))
  return isThere(found.status, path, url) ? await gather(found.body) : undefined
}

function requestFor({ maxBytes, cacheDir }: State, path: string, signal?: AbortSignal): RemoteRequest {
  return {
    maxBytes,
    ...(changing.test(path) ? { cacheDir: `${cacheDir}/metadata` } : {}),
    ...(signal === undefined ? {} : { signal }),
  }
}

function isThere(answered: number, path: string, url: string): boolean {
  if (answered === 200) return true
  if (answered === 404 || answered === 410) return false
  throw refusals.answered(answered, path, new URL(url).host)
}
