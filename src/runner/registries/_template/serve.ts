import { gather } from '../../broker/held.ts'
import { refusals } from '../../broker/refusal.ts'
import { createRemote } from '../../broker/remote/remote.ts'
import type { Answers, ServeContext } from '../../broker/served.ts'

/** `NAME/VERSION`: a package's file. Every other form is refused before anybody is asked. */
export function serveTemplate(context: ServeContext): Answers {
  const { upstreams, connection, maxFileBytes, isDenied, fetched } = context
  const remote = createRemote(upstreams, connection)
  return async ({ upstream, segments }, signal) => {
    const [name = '', version = '', ...more] = segments
    if (!/^[a-z][a-z0-9-]*$/.test(name) || !/^[\w.+-]+$/.test(version) || more.length > 0)
      throw refusals.target('no file of a package')
    const subject = `${name}@${version}`
    if (isDenied(name) || isDenied(name, version)) throw refusals.denied(subject)
    const found = await remote.open(`${upstream.url}${name}/${version}`, { maxBytes: maxFileBytes, signal })
    const { host } = new URL(upstream.url)
    if (found.status === 404) throw refusals.gone(found.status, subject, host)
    if (found.status !== 200) throw refusals.answered(found.status, subject, host)
    const served = (bytes: number): void => fetched({ upstream, name, version, cached: false, bytes })
    return { contentType: found.contentType, body: await gather(found.body), served }
  }
}
