import type { Readable } from 'node:stream'
import { refusals } from '../../broker/refusal.ts'
import { createRemote, type Remote } from '../../broker/remote/remote.ts'
import type { Answer } from '../../broker/response.ts'
import type { Answers, ServeContext } from '../../broker/served.ts'
import type { Upstream } from '../../broker/upstream.ts'
import { type Address, parseAddress } from './address.ts'
import { type ReadPackument, readPackument, type Source } from './packument.ts'

interface State {
  readonly context: ServeContext
  readonly remote: Remote
  /** By upstream, package and file. */
  readonly sources: Map<string, Source>
  readonly learning: Map<string, Promise<void>>
}

type Tarball = Extract<Address, { kind: 'tarball' }>
type Manifest = Extract<Address, { kind: 'manifest' }>

const octets = 'application/octet-stream'
const abbreviated = 'application/vnd.npm.install-v1+json'

/** Metadata with tarball addresses at the relay, manifests of one version, and tarballs that are what they should be. */
export function serveNpm(context: ServeContext): Answers {
  const remote = createRemote(context.upstreams, context.connection)
  const state: State = { context, remote, sources: new Map(), learning: new Map() }
  return async ({ upstream, segments, headers }, signal) => {
    const address = parseAddress(upstream, segments)
    if (address.kind === 'manifest') return await manifest(state, address, signal)
    if (address.kind === 'tarball') return await tarball(state, address, signal)
    const short = headers.accept?.includes(abbreviated) === true
    const read = await packument(state, upstream, address.name, short, signal)
    return { contentType: short ? abbreviated : 'application/json', body: read.body }
  }
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
  { context, remote, sources }: State,
  upstream: Upstream,
  name: string,
  short: boolean,
  signal: AbortSignal,
): Promise<ReadPackument> {
  if (context.isDenied(name)) throw refusals.denied(name)
  const url = `${upstream.url}${name.replace('/', '%2f')}`
  const found = await remote(url, {
    accept: short ? `${abbreviated}; q=1.0, application/json; q=0.8, */*` : 'application/json',
    maxBytes: context.maxMetadataBytes,
    cacheDir: `${context.cacheDir}/metadata`,
    signal,
  })
  expectPackage(found, name, url)
  const read = readPackument(found.body, upstream, name, (version) => !context.isDenied(name, version))
  if (read === undefined) throw refusals.garbled(new URL(url).host, name)
  for (const [file, source] of read.sources) sources.set(sourceKey(upstream, name, file), source)
  context.fetched({ upstream, name, cached: false, bytes: found.body.length })
  return read
}

async function tarball(state: State, address: Tarball, signal: AbortSignal): Promise<Answer> {
  const { upstream, name, file, version } = address
  const { pins, store, isDenied, fetched } = state.context
  const subject = `${name}@${version}`
  if (isDenied(name) || isDenied(name, version)) throw refusals.denied(subject)
  const pinned = pins.get(`/${upstream.name}/${name}/-/${file}`)
  const integrity = pinned ?? (await learn(state, address, signal)).integrity
  const stored = await store.open(integrity)
  const held = stored ?? (await store.take(integrity, await download(state, address, signal)))
  if (held === undefined) throw refusals.integrity(subject, integrity)
  const served = (bytes: number) => fetched({ upstream, name, version, cached: stored !== undefined, bytes })
  return { contentType: octets, body: held, served }
}

/** A pinned package is first asked for at its usual address, which saves the metadata request. */
async function download(state: State, address: Tarball, signal: AbortSignal): Promise<Readable> {
  const { upstream, name, file, version } = address
  const subject = `${name}@${version}`
  const known = state.sources.get(sourceKey(upstream, name, file))
  const request = { maxBytes: state.context.maxFileBytes, signal }
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

/** Removed, or never there; for the law's sake. */
const goneStatus = new Set([404, 410, 451])

/** `subject` is `name` or `name@version`. */
function expectPackage<Found extends { readonly status: number }>(
  found: Found,
  subject: string,
  url: string,
): Found {
  if (found.status === 200) return found
  const { host } = new URL(url)
  if (goneStatus.has(found.status)) throw refusals.gone(found.status, subject, host)
  throw refusals.answered(found.status, subject, host)
}
