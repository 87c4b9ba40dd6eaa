import { createHash } from 'node:crypto'
import cacache from 'cacache'
import { refusals } from './refusal.ts'
import { createRemote, type Remote, type RemoteAnswer } from './remote.ts'
import type { Connection, Upstream } from './upstream.ts'

export interface MavenSourceOptions {
  /** Asked in this order; the first that has a file answers. */
  readonly upstreams: readonly Upstream[]
  readonly connection: Connection
  /** Folder on the host, shared by all sessions of the user. */
  readonly cacheDir: string
  /** Largest file, bytes. */
  readonly maxBytes: number
}

export interface MavenFile {
  readonly body: Buffer
  /** Hex; undefined for what changes, such as metadata. */
  readonly sha1?: string
  /** Served from the host's cache. */
  readonly cached: boolean
}

/** The user's Maven repositories as one. */
export interface MavenSource {
  /**
   * `group/artifact/version/file`, or a checksum of one; undefined where no repository has it. Throws a `Refusal` where
   * bytes do not match their checksum, or a repository cannot be reached.
   */
  get(path: string, signal?: AbortSignal): Promise<MavenFile | undefined>
  /** The same file of every repository that has it: metadata is the sum of all. */
  all(path: string, signal?: AbortSignal): Promise<readonly Buffer[]>
}

interface State extends MavenSourceOptions {
  readonly remote: Remote
  readonly store: string
  readonly pending: Map<string, Promise<MavenFile | undefined>>
}

const checksum = /\.(sha1|md5|sha256|sha512)$/
const changing = /(^|\/)maven-metadata[^/]*\.xml(\.\w+)?$|-SNAPSHOT\//

/** Released files are kept by address once their checksum matched; what changes is asked for again each time. */
export function createMavenSource(options: MavenSourceOptions): MavenSource {
  const state: State = {
    ...options,
    remote: createRemote(options.upstreams, options.connection),
    store: `${options.cacheDir}/maven`,
    pending: new Map(),
  }
  return {
    get: (path, signal) => get(state, path, signal),
    all: async (path, signal) => {
      const answers = options.upstreams.map((upstream) => ask(state, upstream, path, signal))
      const found = await Promise.all(answers)
      return found.flatMap((answer) => (answer === undefined ? [] : [answer.body]))
    },
  }
}

async function get(state: State, path: string, signal?: AbortSignal): Promise<MavenFile | undefined> {
  if (changing.test(path)) return await changingFile(state, path, signal)
  const [extension, algorithm] = checksum.exec(path) ?? []
  if (extension === undefined || algorithm === undefined) return await released(state, path, signal)
  const file = await released(state, path.slice(0, -extension.length), signal)
  if (file === undefined) return undefined
  return { body: Buffer.from(createHash(algorithm).update(file.body).digest('hex')), cached: file.cached }
}

async function changingFile(
  state: State,
  path: string,
  signal?: AbortSignal,
): Promise<MavenFile | undefined> {
  for (const upstream of state.upstreams) {
    const found = await ask(state, upstream, path, signal)
    if (found !== undefined) return { body: found.body, cached: false }
  }
  return undefined
}

/** Requests for one file at the same time are one. */
function released(state: State, path: string, signal?: AbortSignal): Promise<MavenFile | undefined> {
  const known = state.pending.get(path)
  if (known !== undefined) return known
  const pending = read(state, path, signal).finally(() => state.pending.delete(path))
  state.pending.set(path, pending)
  return pending
}

async function read(state: State, path: string, signal?: AbortSignal): Promise<MavenFile | undefined> {
  for (const upstream of state.upstreams) {
    const stored = await kept(state, upstream, path)
    if (stored !== undefined) return stored
  }
  for (const upstream of state.upstreams) {
    const [file, sidecar] = await Promise.all([
      ask(state, upstream, path, signal),
      ask(state, upstream, `${path}.sha1`, signal),
    ])
    if (file === undefined) continue
    const sha1 = createHash('sha1').update(file.body).digest('hex')
    const declared = /\b[0-9a-f]{40}\b/i.exec(sidecar?.body.toString('latin1') ?? '')?.[0]?.toLowerCase()
    if (declared !== undefined && declared !== sha1) throw refusals.integrity(path, `sha1-${declared}`)
    // Without a checksum nothing says that these bytes are the right ones for ever.
    if (declared !== undefined)
      await cacache.put(state.store, key(upstream, path), file.body, { metadata: { sha1 }, memoize: false })
    return { body: file.body, sha1, cached: false }
  }
  return undefined
}

function key(upstream: Upstream, path: string): string {
  return `drydock:${upstream.url}${path}`
}

async function kept(state: State, upstream: Upstream, path: string): Promise<MavenFile | undefined> {
  try {
    const { data, metadata } = await cacache.get(state.store, key(upstream, path), { memoize: false })
    const sha1: unknown = (metadata as { sha1?: unknown } | undefined)?.sha1
    return typeof sha1 === 'string' ? { body: data, sha1, cached: true } : undefined
  } catch {
    // Missing or damaged on disk: both mean a new download.
    return undefined
  }
}

/** Undefined where the repository has no such file. */
async function ask(
  state: State,
  upstream: Upstream,
  path: string,
  signal?: AbortSignal,
): Promise<RemoteAnswer | undefined> {
  const url = `${upstream.url}${path}`
  const found = await state.remote(url, {
    maxBytes: state.maxBytes,
    ...(changing.test(path) ? { cacheDir: `${state.cacheDir}/metadata` } : {}),
    ...(signal === undefined ? {} : { signal }),
  })
  if (found.status === 200) return found
  if (found.status === 404 || found.status === 410) return undefined
  const status = found.status >= 400 && found.status < 600 ? found.status : 502
  throw refusals.answered(status, path, new URL(url).host)
}
