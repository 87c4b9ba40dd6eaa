import { refusals } from '../../broker/refusal.ts'
import type { Answers, ServeContext } from '../../broker/served.ts'
import { readAhead } from './ahead.ts'
import { createMavenSource } from './source.ts'

/** Whichever of the user's Maven repositories has a file; the container sees them as one. */
export function serveMaven(context: ServeContext): Answers {
  const { upstreams, connection, cacheDir, maxFileBytes, fetched, behind, signal: ended } = context
  const source = createMavenSource({ upstreams, connection, cacheDir, maxBytes: maxFileBytes, behind })
  const isDenied = (name: string, version: string): boolean =>
    context.isDenied(name) || context.isDenied(name, version)
  const ahead = readAhead({ source, isDenied, signal: ended })
  return async ({ upstream, segments }, signal) => {
    if (segments.some((segment) => /^[@.]/.test(segment))) throw refusals.target('an invalid path')
    const path = segments.join('/')
    const named = nameOf(path)
    if (named !== undefined && isDenied(named.name, named.version))
      throw refusals.denied(`${named.name}@${named.version}`)
    const found = await source.get(path, signal)
    if (found === undefined) throw refusals.answered(404, path, new URL(upstream.url).host)
    const { body, sha1, cached } = found
    if (path.endsWith('.pom')) ahead(path, found)
    const served = (bytes: number): void => {
      if (named !== undefined && /\.(jar|pom|war|zip|gz)$/.test(path))
        fetched({ upstream, ...named, cached, bytes })
    }
    // Maven then does not ask for the checksum as well.
    const headers = sha1 === undefined ? {} : { 'x-checksum-sha1': sha1 }
    return { contentType: 'application/octet-stream', body, headers, served }
  }
}

function nameOf(path: string): { readonly name: string; readonly version: string } | undefined {
  const [, group, artifact, version] = /^(.+)\/([^/]+)\/([^/]+)\/[^/]+$/.exec(path) ?? []
  if (group === undefined || artifact === undefined || version === undefined) return undefined
  return { name: `${group.replaceAll('/', '.')}:${artifact}`, version }
}
