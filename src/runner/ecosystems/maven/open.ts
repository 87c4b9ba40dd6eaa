import { readMavenHost } from '../../registries/maven/host.ts'
import { serveMaven } from '../../registries/maven/serve.ts'
import type { OpenContext, OpenedEcosystem } from '../module.ts'
import { mavenEcosystem } from './index.ts'

export async function open(context: OpenContext): Promise<OpenedEcosystem> {
  const { env, userHome, cacheDir, releaseReader, allowMissing, memory } = context
  const host = await readMavenHost(env, userHome)
  const { upstreams, connection, digest } = host
  const ecosystem = mavenEcosystem({
    ...{ host, cacheDir },
    ...(releaseReader === undefined ? {} : { releaseReader }),
    ...(allowMissing === undefined ? {} : { allowMissing }),
    ...(memory === undefined ? {} : { memory: memory('maven') }),
  })
  return { ecosystem, served: { upstreams, connection, serve: serveMaven }, digest }
}
