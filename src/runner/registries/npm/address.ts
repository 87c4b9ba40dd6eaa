import { refusals } from '../../broker/refusal.ts'
import type { Upstream } from '../../broker/upstream.ts'

/** What a request asks a registry for, once it is known to be one of the forms that package managers use. */
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

const maxNameLength = 214

/** Reads the path below an upstream by rule: every form that is not known is refused. */
export function parseAddress(upstream: Upstream, segments: readonly string[]): Address {
  const scoped = segments[0]?.startsWith('@') === true
  const name = segments.slice(0, scoped ? 2 : 1).join('/')
  if (
    !/^(@[a-z0-9._~-]+\/)?[a-z0-9~-][a-z0-9._~-]*$/i.test(name) ||
    name.startsWith('-') ||
    name.length > maxNameLength
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
