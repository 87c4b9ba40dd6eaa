import type { Readable } from 'node:stream'
import type { Failure } from '../../contract/failure.ts'
import { failures } from '../../contract/failures.ts'
import type { RelayHandler, RelayRequest } from '../docker/relay.ts'
import { isDiskFull } from '../log/files.ts'
import { type Address, parseAddress } from './address.ts'
import { gather } from './held.ts'
import { createMavenSource, type MavenSource } from './mavenSource.ts'
import { type ReadPackument, readPackument, type Source } from './packument.ts'
import { Refusal, refusals } from './refusal.ts'
import { createRemote, type Remote } from './remote.ts'
import { type Answer, headOf, refusalResponse, responseOf } from './response.ts'
import { openStore, type Store } from './store.ts'
import type { Connection, Upstream } from './upstream.ts'

export interface BrokerLimits {
  /** Largest metadata document, bytes. */
  readonly maxMetadataBytes: number
  /** Largest tarball or other file, bytes. */
  readonly maxFileBytes: number
}

export const brokerLimits: BrokerLimits = { maxMetadataBytes: 128_000_000, maxFileBytes: 200_000_000 }

export interface BrokerPolicy {
  /** `name` or `name@version`: never served. */
  readonly deny: readonly string[]
}

/** One package that went into a container. */
export interface Fetched {
  readonly upstream: string
  readonly name: string
  /** Undefined for metadata. */
  readonly version?: string
  /** Served from the host's cache. */
  readonly cached: boolean
  readonly bytes: number
}

export interface BrokerOptions {
  readonly upstreams: readonly Upstream[]
  readonly connection: Connection
  /** How the Maven repositories among the upstreams are reached. */
  readonly mavenConnection?: Connection
  /** Folder on the host, shared by all sessions of the user. */
  readonly cacheDir: string
  /** Integrity by path at the relay (`/npm/left-pad/-/left-pad-1.3.0.tgz`), from the lock file. */
  readonly pins?: ReadonlyMap<string, string>
  readonly policy?: BrokerPolicy
  readonly limits?: BrokerLimits
  readonly onFetched?: (fetched: Fetched) => void
}

export interface Broker {
  readonly handle: RelayHandler
  /** What was refused so far, in order: the reason behind a failed install. */
  refused(): readonly Failure[]
  /** What a registry was asked for and does not have, in order. */
  gone(): readonly Gone[]
}

/** `subject` is `name` or `name@version`. */
export interface Gone {
  readonly subject: string
  readonly host: string
}

interface State {
  readonly options: BrokerOptions
  readonly limits: BrokerLimits
  readonly remote: Remote
  readonly store: Store
  readonly maven: MavenSource
  /** By upstream, package and file. */
  readonly sources: Map<string, Source>
  readonly learning: Map<string, Promise<void>>
}

type Tarball = Extract<Address, { kind: 'tarball' }>
type Metadata = Extract<Address, { kind: 'metadata' }>
type Manifest = Extract<Address, { kind: 'manifest' }>

const octets = 'application/octet-stream'
const abbreviated = 'application/vnd.npm.install-v1+json'

/** A read-only mirror of the user's registries for containers without a network. */
export function createBroker(options: BrokerOptions): Broker {
  const state: State = {
    options,
    limits: options.limits ?? brokerLimits,
    remote: createRemote(options.upstreams, options.connection),
    store: openStore(`${options.cacheDir}/packages`),
    maven: createMavenSource({
      upstreams: options.upstreams.filter(({ ecosystem }) => ecosystem === 'maven'),
      connection: options.mavenConnection ?? options.connection,
      cacheDir: options.cacheDir,
      maxBytes: (options.limits ?? brokerLimits).maxFileBytes,
    }),
    sources: new Map(),
    learning: new Map(),
  }
  const refused: Failure[] = []
  const gone: Gone[] = []
  const handle: RelayHandler = async (request, signal) => {
    try {
      const found = await answer(state, request, signal)
      return request.method === 'HEAD' ? headOf(found) : responseOf(found, note)
    } catch (error) {
      note(error)
      if (!(error instanceof Refusal)) throw error
      return refusalResponse(error)
    }
  }
  const note = (error: unknown): void => {
    // No registry's fault: told by its name all the same, for the container learns of no reason.
    if (isDiskFull(error)) refused.push(failures.logDiskFull(options.cacheDir).failure)
    if (!(error instanceof Refusal)) return
    refused.push(error.failure)
    if (error.gone !== undefined) gone.push(error.gone)
  }
  return { handle, refused: () => [...refused], gone: () => [...gone] }
}

async function answer(state: State, request: RelayRequest, signal: AbortSignal): Promise<Answer> {
  const address = parseAddress(request, state.options.upstreams)
  if (address.kind === 'metadata') return await metadata(state, address, request, signal)
  if (address.kind === 'manifest') return await manifest(state, address, signal)
  if (address.kind === 'source') return await source(state, address.path)
  if (address.kind === 'tarball') return await tarball(state, address, signal)
  if (address.upstream.ecosystem === 'maven') return await mavenFile(state, address, signal)
  const url = `${address.upstream.url}${address.path}`
  const found = await state.remote.open(url, {
    method: request.method === 'HEAD' ? 'HEAD' : 'GET',
    maxBytes: state.limits.maxFileBytes,
    signal,
  })
  const { contentType, body } = expectOk(found, address.path, url)
  const served = (bytes: number) => fetched(state, address.upstream, address.path, undefined, false, bytes)
  return { contentType, body: await gather(body), served }
}

/** What the host fetched for this install, and nothing else that lies in the store. */
async function source(state: State, path: string): Promise<Answer> {
  const integrity = state.options.pins?.get(path)
  if (integrity === undefined) throw refusals.target('a source that this install does not name')
  const held = await state.store.open(integrity)
  if (held === undefined) throw refusals.integrity(path, integrity)
  return { contentType: octets, body: held }
}

/** Whichever of the user's Maven repositories has it; the container sees them as one. */
async function mavenFile(
  state: State,
  { upstream, path }: Extract<Address, { kind: 'file' }>,
  signal: AbortSignal,
): Promise<Answer> {
  const named = mavenName(path)
  if (named !== undefined && (isDenied(state, named.name) || isDenied(state, named.name, named.version)))
    throw refusals.denied(`${named.name}@${named.version}`)
  const found = await state.maven.get(path, signal)
  if (found === undefined) throw refusals.answered(404, path, new URL(upstream.url).host)
  const { body, sha1, cached } = found
  const served = (bytes: number): void => {
    if (named !== undefined && /\.(jar|pom|war|zip|gz)$/.test(path))
      fetched(state, upstream, named.name, named.version, cached, bytes)
  }
  // Maven then does not ask for the checksum as well.
  const headers = sha1 === undefined ? {} : { 'x-checksum-sha1': sha1 }
  return { contentType: octets, body, headers, served }
}

function mavenName(path: string): { readonly name: string; readonly version: string } | undefined {
  const [, group, artifact, version] = /^(.+)\/([^/]+)\/([^/]+)\/[^/]+$/.exec(path) ?? []
  if (group === undefined || artifact === undefined || version === undefined) return undefined
  return { name: `${group.replaceAll('/', '.')}:${artifact}`, version }
}

async function metadata(
  state: State,
  address: Metadata,
  request: RelayRequest,
  signal: AbortSignal,
): Promise<Answer> {
  const short = request.headers.accept?.includes(abbreviated) === true
  const read = await packument(state, address.upstream, address.name, short, signal)
  return { contentType: short ? abbreviated : 'application/json', body: read.body }
}

async function manifest(
  state: State,
  { upstream, name, version }: Manifest,
  signal: AbortSignal,
): Promise<Answer> {
  const found = (await packument(state, upstream, name, false, signal)).manifest(version)
  if (found === undefined) throw refusals.gone(404, `${name}@${version}`, new URL(upstream.url).host)
  return { contentType: 'application/json', body: Buffer.from(JSON.stringify(found)) }
}

async function packument(
  state: State,
  upstream: Upstream,
  name: string,
  short: boolean,
  signal: AbortSignal,
): Promise<ReadPackument> {
  if (isDenied(state, name)) throw refusals.denied(name)
  const url = `${upstream.url}${name.replace('/', '%2f')}`
  const found = await state.remote(url, {
    accept: short ? `${abbreviated}; q=1.0, application/json; q=0.8, */*` : 'application/json',
    maxBytes: state.limits.maxMetadataBytes,
    cacheDir: `${state.options.cacheDir}/metadata`,
    signal,
  })
  expectPackage(found, name, url)
  const read = readPackument(found.body, upstream, name, (version) => !isDenied(state, name, version))
  if (read === undefined) throw refusals.garbled(new URL(url).host, name)
  for (const [file, source] of read.sources) state.sources.set(sourceKey(upstream, name, file), source)
  fetched(state, upstream, name, undefined, false, found.body.length)
  return read
}

async function tarball(state: State, address: Tarball, signal: AbortSignal): Promise<Answer> {
  const { upstream, name, file, version } = address
  const subject = `${name}@${version}`
  if (isDenied(state, name) || isDenied(state, name, version)) throw refusals.denied(subject)
  const pinned = state.options.pins?.get(`/${upstream.name}/${name}/-/${file}`)
  const integrity = pinned ?? (await learn(state, address, signal)).integrity
  const stored = await state.store.open(integrity)
  const held = stored ?? (await state.store.take(integrity, await download(state, address, signal)))
  if (held === undefined) throw refusals.integrity(subject, integrity)
  const served = (bytes: number) => fetched(state, upstream, name, version, stored !== undefined, bytes)
  return { contentType: octets, body: held, served }
}

/** A pinned package is first asked for at its usual address, which saves the metadata request. */
async function download(state: State, address: Tarball, signal: AbortSignal): Promise<Readable> {
  const { upstream, name, file, version } = address
  const subject = `${name}@${version}`
  const known = state.sources.get(sourceKey(upstream, name, file))
  const request = { maxBytes: state.limits.maxFileBytes, signal }
  const usual = `${upstream.url}${name}/-/${file}`
  const url = known?.url ?? usual
  const found = await state.remote.open(url, request)
  if (found.status === 200 || known !== undefined) return expectPackage(found, subject, url).body
  const source = await learn(state, address, signal)
  return expectPackage(await state.remote.open(source.url, request), subject, source.url).body
}

async function learn(state: State, address: Tarball, signal: AbortSignal): Promise<Source> {
  const { upstream, name, file, version } = address
  const known = state.sources.get(sourceKey(upstream, name, file))
  if (known !== undefined) return known
  const id = `${upstream.name}/${name}`
  const pending =
    state.learning.get(id) ?? packument(state, upstream, name, true, signal).then(() => undefined)
  state.learning.set(id, pending)
  await pending.finally(() => state.learning.delete(id))
  const source = state.sources.get(sourceKey(upstream, name, file))
  if (source === undefined) throw refusals.gone(404, `${name}@${version}`, new URL(upstream.url).host)
  return source
}

function sourceKey(upstream: Upstream, name: string, file: string): string {
  return `${upstream.name}/${name}/-/${file}`
}

function isDenied(state: State, name: string, version?: string): boolean {
  const subject = version === undefined ? name : `${name}@${version}`
  return state.options.policy?.deny.includes(subject) === true
}

/** Removed, or never there; for the law's sake. */
const goneStatus = new Set([404, 410, 451])

/** `subject` is `name` or `name@version`. */
function expectPackage<Found extends { readonly status: number }>(
  found: Found,
  subject: string,
  url: string,
): Found {
  if (goneStatus.has(found.status)) throw refusals.gone(found.status, subject, new URL(url).host)
  return expectOk(found, subject, url)
}

function expectOk<Found extends { readonly status: number }>(
  found: Found,
  subject: string,
  url: string,
): Found {
  if (found.status === 200) return found
  throw refusals.answered(found.status, subject, new URL(url).host)
}

function fetched(
  state: State,
  upstream: Upstream,
  name: string,
  version: string | undefined,
  cached: boolean,
  bytes: number,
): void {
  state.options.onFetched?.({
    upstream: upstream.name,
    name,
    cached,
    bytes,
    ...(version === undefined ? {} : { version }),
  })
}
