import type { RelayRequest } from '../docker/relay.ts'
import type { Answer } from './response.ts'
import type { Store } from './store.ts'
import type { Connection, Upstream } from './upstream.ts'

/** Registries of one kind, as the user's own configuration names them, and how they are served to a container. */
export interface Served {
  readonly upstreams: readonly Upstream[]
  readonly connection: Connection
  readonly serve: Serve
}

/** Opens the registries of one kind; refuses every request that is not one of the forms that their clients use. */
export type Serve = (context: ServeContext) => Answers

export type Answers = (request: RegistryRequest, signal: AbortSignal) => Promise<Answer>

export interface RegistryRequest extends RelayRequest {
  readonly upstream: Upstream
  /** Of the path below the upstream; none is empty or a dot segment. */
  readonly segments: readonly string[]
}

/**
 * Nobody waits for what is written into a cache, but for those who write more than it takes; the end of the install does.
 */
export type Behind = (write: Promise<unknown>) => Promise<void>

export interface ServeContext {
  readonly upstreams: readonly Upstream[]
  readonly connection: Connection
  /** Folder on the host, shared by all sessions of the user. */
  readonly cacheDir: string
  /** Packages by their integrity. */
  readonly store: Store
  /** Largest metadata document, bytes. */
  readonly maxMetadataBytes: number
  /** Largest tarball or other file, bytes. */
  readonly maxFileBytes: number
  /** Integrity that the lock file demands, by path at the relay. */
  readonly pins: ReadonlyMap<string, string>
  /** Fires when nobody will ask any more. */
  readonly signal: AbortSignal
  readonly behind: Behind
  /** Whether the policy keeps a package, or one version of it, out. */
  isDenied(name: string, version?: string): boolean
  /** Told of what went into the container; `version` is undefined for metadata. */
  fetched(one: {
    readonly upstream: Upstream
    readonly name: string
    readonly version?: string
    readonly cached: boolean
    readonly bytes: number
  }): void
}
