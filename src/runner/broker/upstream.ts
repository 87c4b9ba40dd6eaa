/** Port that the relay in an install container listens on. */
export const relayPort = 4873

/** Origin that package managers in an install container talk to; the first path segment names the upstream. */
export const relayOrigin = `http://127.0.0.1:${relayPort}`

/** A registry that the user's own configuration on the host names. */
export interface Upstream {
  /** First path segment at the relay, `[a-z0-9-]+`. */
  readonly name: string
  /** Ends with a slash. */
  readonly url: string
  /** Sent with every request to this upstream, besides the connection's credentials. */
  readonly headers: Readonly<Record<string, string>>
  /** Scope, such as `@corp`, that this registry serves; undefined for the default one. */
  readonly scope?: string
}

/** How the host reaches its registries; none of it ever enters a container. */
export interface Connection {
  readonly ca?: readonly string[]
  readonly cert?: string
  readonly key?: string
  readonly proxy?: string
  readonly noProxy?: string
  readonly strictSsl: boolean
  readonly localAddress?: string
  readonly timeoutMs: number
  readonly retries: number
  readonly minRetryDelayMs: number
  readonly userAgent: string
  /** npm's flat options: `//host/path/:_authToken` and the like. */
  readonly credentials: Readonly<Record<string, unknown>>
}

/** Where a package manager's configuration says nothing else. */
export const usualConnection: Connection = {
  strictSsl: true,
  timeoutMs: 60_000,
  retries: 2,
  minRetryDelayMs: 1000,
  userAgent: 'drydock',
  credentials: {},
}

/** A registry's address with one slash at its end, without credentials, query and fragment. */
export function withSlash(url: string): string {
  const { origin, pathname } = new URL(url)
  return `${origin}${pathname.replace(/\/*$/, '/')}`
}

/** Address of an upstream as the install container sees it. */
export function relayUrl(upstream: Upstream): string {
  return `${relayOrigin}/${upstream.name}/`
}

const closedPrefix = 'closed.'

/** Address at which the relay refuses everything, naming a host that the user's configuration does not name. */
export function closedUrl(host: string): string {
  return `${relayOrigin}/${closedPrefix}${host.replaceAll(/[^\w.-]/g, '_')}/`
}

/** The host behind a first path segment that is refused. */
export function closedHost(segment: string): string {
  return segment.startsWith(closedPrefix) ? segment.slice(closedPrefix.length) : segment
}

/** First path segment of what comes from no registry: bytes that lie in the store already. */
export const sourceSegment = 'source'
export const sourceOrigin = `${relayOrigin}/${sourceSegment}/`

/** Address of a source as the install container sees it. */
export function sourceUrl(key: string): string {
  return `${sourceOrigin}${key}/package.tgz`
}
