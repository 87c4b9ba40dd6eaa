import { z } from 'zod'
import { tryJson } from '../../../contract/json.ts'
import { relayUrl, type Upstream } from '../../broker/upstream.ts'

/** Where the bytes of one version lie, and what they must be. */
export interface Source {
  readonly url: string
  /** Subresource integrity; sha1 only where the registry offers nothing better. */
  readonly integrity: string
}

const Dist = z.looseObject({
  tarball: z.string(),
  integrity: z.string().optional(),
  shasum: z
    .string()
    .regex(/^[0-9a-f]{40}$/i)
    .optional(),
})
const Version = z.looseObject({ dist: Dist })
const Packument = z.looseObject({
  versions: z.record(z.string(), z.unknown()).optional(),
  'dist-tags': z.record(z.string(), z.string()).optional(),
})

export interface ReadPackument {
  /** The document with tarball addresses at the relay. */
  readonly body: Buffer
  /** What the document says of one version, named by its number or by a tag. */
  manifest(version: string): object | undefined
  /** By file name, such as `left-pad-1.3.0.tgz`. */
  readonly sources: ReadonlyMap<string, Source>
}

/** Points a metadata document's tarballs at the relay; undefined where it is no such document. */
export function readPackument(
  text: Buffer,
  upstream: Upstream,
  name: string,
  allowed: (version: string) => boolean,
): ReadPackument | undefined {
  const parsed = Packument.safeParse(tryJson(text))
  if (!parsed.success) return undefined
  const sources = new Map<string, Source>()
  const versions = new Map<string, object>()
  for (const [version, manifest] of Object.entries(parsed.data.versions ?? {})) {
    const read = Version.safeParse(manifest)
    if (!read.success || !allowed(version)) continue
    const file = `${name.slice(name.indexOf('/') + 1)}-${version}.tgz`
    const { dist } = read.data
    const integrity = dist.integrity ?? (dist.shasum === undefined ? undefined : sha1(dist.shasum))
    if (integrity !== undefined)
      sources.set(file, { url: sourceUrl(dist.tarball, upstream, name, file), integrity })
    const tarball = `${relayUrl(upstream)}${name}/-/${file}`
    versions.set(version, { ...read.data, dist: { ...dist, tarball } })
  }
  const tags = new Map(Object.entries(parsed.data['dist-tags'] ?? {}))
  return {
    body: Buffer.from(JSON.stringify({ ...parsed.data, versions: Object.fromEntries(versions) })),
    manifest: (version) => versions.get(tags.get(version) ?? version),
    sources,
  }
}

/** A mirror that names another host means its own copy, as `replace-registry-host=always` has it. */
function sourceUrl(tarball: string, upstream: Upstream, name: string, file: string): string {
  if (!URL.canParse(tarball)) return `${upstream.url}${name}/-/${file}`
  const url = new URL(tarball)
  if (url.origin === new URL(upstream.url).origin) return url.href
  return `${upstream.url}${name}/-/${url.pathname.split('/').at(-1) ?? file}`
}

function sha1(shasum: string): string {
  return `sha1-${Buffer.from(shasum, 'hex').toString('base64')}`
}
