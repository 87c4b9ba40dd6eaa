import semver from 'semver'
import { z } from 'zod'
import { failures } from '../../../contract/failures.ts'
import { tryJson } from '../../../contract/json.ts'
import { Refusal } from '../../broker/refusal.ts'
import { createRemote, type Remote } from '../../broker/remote/remote.ts'
import { openStore, type Store } from '../../broker/store.ts'
import type { Upstream } from '../../broker/upstream.ts'
import type { NpmHost } from './host.ts'
import { readPackument, type Source } from './packument.ts'

const Engines = z.looseObject({ engines: z.looseObject({ node: z.string() }) })
const Deprecated = z.looseObject({ deprecated: z.string() })
const Version = z.looseObject({
  peerDependencies: z.record(z.string(), z.string()).optional(),
  peerDependenciesMeta: z.record(z.string(), z.looseObject({ optional: z.boolean().optional() })).optional(),
})

const Times = z.looseObject({ time: z.record(z.string(), z.unknown()).optional() })

const Document = z.looseObject({
  'dist-tags': z.record(z.string(), z.string()).optional(),
  versions: z.record(z.string(), z.unknown()).optional(),
})

/** What the registry says of a package, in its abbreviated form. */
export interface Packument {
  readonly name: string
  readonly tags: Readonly<Record<string, string>>
  readonly versions: readonly string[]
  readonly latest: string
  /** Ranges of the peers that a version must have. */
  peers(version: string): Readonly<Record<string, string>>
  /** Range of Node that a version says it runs on. */
  node(version: string): string | undefined
  /** Why nobody should take a version, in its maintainers' words. */
  deprecated(version: string): string | undefined
}

export interface Registry {
  /** Throws `no-such-package` where the registry has none. */
  packument(name: string, signal?: AbortSignal): Promise<Packument>
  /** The published file of one version, checked against its integrity. Throws `no-such-version`. */
  tarball(name: string, version: string, signal?: AbortSignal): Promise<Buffer>
  /** When each version was published, UTC; empty where the registry does not say. Throws `no-such-package`. */
  published(name: string, signal?: AbortSignal): Promise<ReadonlyMap<string, string>>
  /** Address of the registry that a package is asked for at. */
  origin(name: string): string
}

const maxBytes = 128_000_000
/** A document with all that is known of a package, and one with what an installation needs. */
const forms = {
  whole: { accept: 'application/json', folder: 'documents' },
  brief: {
    accept: 'application/vnd.npm.install-v1+json; q=1.0, application/json; q=0.8, */*',
    folder: 'metadata',
  },
} as const
const maxTarballBytes = 100_000_000

type Form = (typeof forms)[keyof typeof forms]

/** Asks the user's registries from the host; answers are revalidated, not refetched. */
export function createRegistry(host: NpmHost, cacheDir: string): Registry {
  const remote = createRemote(host.upstreams, host.connection)
  const store = openStore(`${cacheDir}/packages`)
  const document = async (
    name: string,
    signal?: AbortSignal,
    form = forms.brief as Form,
  ): Promise<Buffer> => {
    const { url } = upstreamOf(host.upstreams, name)
    const found = await remote(`${url}${name.replace('/', '%2f')}`, {
      accept: form.accept,
      maxBytes,
      cacheDir: `${cacheDir}/${form.folder}`,
      ...(signal === undefined ? {} : { signal }),
    }).catch(asFailure)
    if (found.status === 404) throw failures.noSuchPackage(name)
    if (found.status !== 200) throw failures.registryAnswered(found.status, name, new URL(url).host)
    return found.body
  }
  return {
    origin: (name) => upstreamOf(host.upstreams, name).url,
    packument: async (name, signal) =>
      read(name, await document(name, signal), upstreamOf(host.upstreams, name)),
    published: async (name, signal) => timesIn(await document(name, signal, forms.whole)),
    tarball: async (name, version, signal) => {
      const body = await document(name, signal)
      const upstream = upstreamOf(host.upstreams, name)
      const sources = readPackument(body, upstream, name, (one) => one === version)?.sources
      const [source] = sources?.values() ?? []
      if (source === undefined) throw failures.noSuchVersion(name, version, read(name, body, upstream).latest)
      return (await store.get(source.integrity)) ?? (await download(remote, store, source, signal))
    },
  }
}

function timesIn(body: Buffer): ReadonlyMap<string, string> {
  const { time = {} } = Times.safeParse(tryJson(body)).data ?? {}
  return new Map(
    Object.entries(time).flatMap(([version, text]) => {
      const at = typeof text === 'string' && semver.valid(version) !== null ? Date.parse(text) : Number.NaN
      return Number.isNaN(at) ? [] : [[version, new Date(at).toISOString()] as const]
    }),
  )
}

async function download(remote: Remote, store: Store, source: Source, signal?: AbortSignal): Promise<Buffer> {
  const { url, integrity } = source
  const found = await remote(url, {
    maxBytes: maxTarballBytes,
    ...(signal === undefined ? {} : { signal }),
  }).catch(asFailure)
  const { host, pathname } = new URL(url)
  if (found.status !== 200) throw failures.registryAnswered(found.status, pathname, host)
  if (!(await store.put(integrity, found.body))) throw failures.integrityMismatch(pathname, integrity)
  return found.body
}

export function upstreamOf(upstreams: readonly Upstream[], name: string): Upstream {
  const scope = name.startsWith('@') ? name.slice(0, name.indexOf('/')) : undefined
  const scoped = upstreams.find((upstream) => scope !== undefined && upstream.scope === scope)
  const upstream = scoped ?? upstreams.find((candidate) => candidate.scope === undefined)
  if (upstream === undefined) throw failures.internal('no registry is configured')
  return upstream
}

function asFailure(error: unknown): never {
  if (error instanceof Refusal) throw failures.registry(error.failure)
  throw error
}

function read(name: string, body: Buffer, { url }: Pick<Upstream, 'url'>): Packument {
  const parsed = Document.safeParse(tryJson(body))
  if (!parsed.success) throw failures.registryGarbled(new URL(url).host, name)
  const { versions = {}, 'dist-tags': tags = {} } = parsed.data
  const sorted = Object.keys(versions)
    .filter((version) => semver.valid(version) !== null)
    .sort(semver.compare)
  const latest = tags.latest ?? sorted.at(-1)
  if (latest === undefined) throw failures.noSuchPackage(name)
  return {
    ...{ name, tags, versions: sorted, latest },
    peers: (version) => requiredPeers(versions[version]),
    node: (version) => Engines.safeParse(versions[version]).data?.engines.node,
    deprecated: (version) => Deprecated.safeParse(versions[version]).data?.deprecated || undefined,
  }
}

function requiredPeers(manifest: unknown): Readonly<Record<string, string>> {
  const parsed = Version.safeParse(manifest)
  return parsed.success ? (parsed.data.peerDependencies ?? {}) : {}
}
