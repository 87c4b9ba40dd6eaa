import type { Failure } from '../../contract/failure.ts'
import { failures } from '../../contract/failures.ts'
import { isDiskFull } from '../../store/files.ts'
import type { RelayHandler, RelayRequest } from '../docker/relay.ts'
import { parseAddress } from './address.ts'
import { Refusal, refusals } from './refusal.ts'
import { type Answer, headOf, refusalResponse, responseOf } from './response.ts'
import type { Answers, Behind, ServeContext, Served } from './served.ts'
import { openStore, type Store, type StoredFile } from './store.ts'

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
  /** By kind; the names of all their upstreams differ. */
  readonly registries: readonly Served[]
  /** Folder on the host, shared by all sessions of the user. */
  readonly cacheDir: string
  /** Integrity by path at the relay (`/npm/left-pad/-/left-pad-1.3.0.tgz`), from the lock file. */
  readonly pins?: ReadonlyMap<string, string>
  readonly policy?: BrokerPolicy
  readonly limits?: BrokerLimits
  readonly onFetched?: (fetched: Fetched) => void
}

/** Disposed of, it fetches nothing any more that nobody waits for, and what it was given lies in its cache. */
export interface Broker extends AsyncDisposable {
  readonly handle: RelayHandler
  /** Of what is pinned, the files that the host has already and that nobody denied. */
  held(): Promise<readonly StoredFile[]>
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
  readonly store: Store
  /** By the upstream's name. */
  readonly answers: ReadonlyMap<string, Answers>
}

/** Of files in memory, each a small one. */
const maxWrites = 64

/** A read-only mirror of the user's registries for containers without a network. */
export function createBroker(options: BrokerOptions): Broker {
  const store = openStore(`${options.cacheDir}/packages`)
  const end = new AbortController()
  const writes = new Set<Promise<void>>()
  const behind: Behind = async (write) => {
    const kept = write.then(() => {}, note).finally(() => writes.delete(kept))
    writes.add(kept)
    if (writes.size > maxWrites) await Promise.race(writes)
  }
  const answers = new Map(
    options.registries.flatMap((served) => {
      const answer = opened(served, options, { store, behind, signal: end.signal })
      return served.upstreams.map(({ name }) => [name, answer] as const)
    }),
  )
  const state: State = { options, store, answers }
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
  const held = async (): Promise<readonly StoredFile[]> => {
    const { pins = new Map<string, string>(), policy } = options
    // Which package a file is of, only an answer to a request says.
    if ((policy?.deny.length ?? 0) > 0) return []
    const found = await Promise.all([...new Set(pins.values())].map((integrity) => store.find(integrity)))
    return found.filter((one) => one !== undefined)
  }
  const close = async (): Promise<void> => {
    end.abort()
    await Promise.all(writes)
  }
  return { handle, held, refused: () => [...refused], gone: () => [...gone], [Symbol.asyncDispose]: close }
}

function opened(
  { serve, upstreams, connection }: Served,
  options: BrokerOptions,
  own: Pick<ServeContext, 'store' | 'behind' | 'signal'>,
): Answers {
  const { cacheDir, pins = new Map(), policy, limits = brokerLimits, onFetched } = options
  return serve({
    ...{ ...own, upstreams, connection, cacheDir, pins, ...limits },
    isDenied: (name, version) =>
      policy?.deny.includes(version === undefined ? name : `${name}@${version}`) === true,
    fetched: ({ upstream, ...one }) => onFetched?.({ upstream: upstream.name, ...one }),
  })
}

async function answer(state: State, request: RelayRequest, signal: AbortSignal): Promise<Answer> {
  const { registries } = state.options
  const address = parseAddress(
    request,
    registries.flatMap(({ upstreams }) => upstreams),
  )
  if (address.kind === 'source') return await source(state, address.path)
  const { upstream, segments } = address
  const answers = state.answers.get(upstream.name)
  if (answers === undefined) throw refusals.upstream(upstream.name)
  return await answers({ ...request, upstream, segments }, signal)
}

/** What the host fetched for this install, and nothing else that lies in the store. */
async function source(state: State, path: string): Promise<Answer> {
  const integrity = state.options.pins?.get(path)
  if (integrity === undefined) throw refusals.target('a source that this install does not name')
  const held = await state.store.open(integrity)
  if (held === undefined) throw refusals.integrity(path, integrity)
  return { contentType: 'application/octet-stream', body: held }
}
