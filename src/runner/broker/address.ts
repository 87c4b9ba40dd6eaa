import type { RelayRequest } from '../docker/relay.ts'
import { refusals } from './refusal.ts'
import { closedHost, sourceSegment, type Upstream } from './upstream.ts'

const maxTargetLength = 512
const maxSegmentLength = 214

/** What a request is for: a registry, or a file that the host fetched for this install. */
export type Address =
  /** Not of a registry: `path` is the whole of it. */
  | { readonly kind: 'source'; readonly path: string }
  | { readonly kind: 'registry'; readonly upstream: Upstream; readonly segments: readonly string[] }

/** Reads a request's target by rule; what the path below an upstream may be, its registry knows. */
export function parseAddress(request: RelayRequest, upstreams: readonly Upstream[]): Address {
  if (request.method !== 'GET' && request.method !== 'HEAD') throw refusals.method(request.method)
  if (request.body.length > 0) throw refusals.body()
  const segments = splitTarget(request.target)
  const [first = '', ...rest] = segments
  if (first === sourceSegment && rest.length === 2) return { kind: 'source', path: `/${segments.join('/')}` }
  const upstream = upstreams.find((candidate) => candidate.name === first)
  if (upstream === undefined) throw refusals.upstream(closedHost(first))
  if (rest.length === 0) throw refusals.target('a path without a package')
  return { kind: 'registry', upstream, segments: rest }
}

function splitTarget(target: string): string[] {
  if (target.length > maxTargetLength) throw refusals.target(`a path of ${target.length} characters`)
  if (!target.startsWith('/')) throw refusals.target('an address that is not a path')
  const segments = target.slice(1).split('/').map(decodeSegment)
  for (const segment of segments) {
    if (segment === '' || segment === '.' || segment === '..')
      throw refusals.target('an empty or dot segment')
    if (segment.length > maxSegmentLength) throw refusals.target('an over-long name')
  }
  return segments.flatMap((segment) => segment.split('/'))
}

/** The only escapes are npm's own: `@scope%2fname`, `%40` for its first letter, and `%2b` before a build's number. */
function decodeSegment(encoded: string): string {
  const segment = encoded.replaceAll(/%2b/gi, '+')
  const scoped = /^(?:@|%40)([a-z0-9][a-z0-9._~-]*)%2f([a-z0-9][a-z0-9._~-]*)$/i.exec(segment)
  if (scoped !== null) return `@${scoped[1]}/${scoped[2]}`
  if (!/^@?[A-Za-z0-9._~+-]+$/.test(segment))
    throw refusals.target('a path with characters outside a package address')
  return segment
}
