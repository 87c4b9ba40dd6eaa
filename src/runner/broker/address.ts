import type { RelayRequest } from '../docker/relay.ts'
import { refusals } from './refusal.ts'
import { closedHost, sourceSegment, type Upstream } from './upstream.ts'

const maxTargetLength = 512
const maxSegmentLength = 214

/** What a request asks for, once it is known to be one of the forms that package managers use. */
export type Address =
  | { readonly kind: 'metadata'; readonly upstream: Upstream; readonly name: string }
  /** `version` may be a tag. */
  | {
      readonly kind: 'manifest'
      readonly upstream: Upstream
      readonly name: string
      readonly version: string
    }
  | {
      readonly kind: 'tarball'
      readonly upstream: Upstream
      readonly name: string
      readonly file: string
      readonly version: string
    }
  /** Not of a registry: `path` is the whole of it. */
  | { readonly kind: 'source'; readonly path: string }
  | { readonly kind: 'file'; readonly upstream: Upstream; readonly path: string }

/** Reads a request's target by rule: every form that is not known is refused. */
export function parseAddress(request: RelayRequest, upstreams: readonly Upstream[]): Address {
  if (request.method !== 'GET' && request.method !== 'HEAD') throw refusals.method(request.method)
  if (request.body.length > 0) throw refusals.body()
  const segments = splitTarget(request.target)
  const [first = '', ...rest] = segments
  if (first === sourceSegment && rest.length === 2) return { kind: 'source', path: `/${segments.join('/')}` }
  const upstream = upstreams.find((candidate) => candidate.name === first)
  if (upstream === undefined) throw refusals.upstream(closedHost(first))
  if (rest.length === 0) throw refusals.target('a path without a package')
  return upstream.ecosystem === 'npm' ? npmAddress(upstream, rest) : fileAddress(upstream, rest)
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

function npmAddress(upstream: Upstream, segments: readonly string[]): Address {
  const scoped = segments[0]?.startsWith('@') === true
  const name = segments.slice(0, scoped ? 2 : 1).join('/')
  if (
    !/^(@[a-z0-9._~-]+\/)?[a-z0-9~-][a-z0-9._~-]*$/i.test(name) ||
    name.startsWith('-') ||
    name.length > maxSegmentLength
  )
    throw refusals.target('an invalid package name')
  const [dash, file, ...more] = segments.slice(scoped ? 2 : 1)
  if (dash === undefined) return { kind: 'metadata', upstream, name }
  if (dash !== '-' && file === undefined) return { kind: 'manifest', upstream, name, version: dash }
  if (dash !== '-' || file === undefined || more.length > 0)
    throw refusals.target('neither metadata nor a tarball')
  const prefix = `${name.slice(name.indexOf('/') + 1)}-`
  if (!file.startsWith(prefix) || !file.endsWith('.tgz'))
    throw refusals.target('neither metadata nor a tarball')
  return { kind: 'tarball', upstream, name, file, version: file.slice(prefix.length, -'.tgz'.length) }
}

function fileAddress(upstream: Upstream, segments: readonly string[]): Address {
  if (segments.some((segment) => /^[@.]/.test(segment))) throw refusals.target('an invalid path')
  return { kind: 'file', upstream, path: segments.join('/') }
}
