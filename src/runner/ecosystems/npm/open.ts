import { readNpmHost } from '../../registries/npm/host.ts'
import { serveNpm } from '../../registries/npm/serve.ts'
import type { OpenContext, OpenedEcosystem } from '../module.ts'
import { npmEcosystem } from './index.ts'

export async function open(context: OpenContext): Promise<OpenedEcosystem> {
  const { env, cacheDir, releaseReader, allowMissing, sources } = context
  const host = await readNpmHost(env)
  const { upstreams, connection, digest } = host
  const ecosystem = npmEcosystem({
    ...{ host, cacheDir },
    ...(releaseReader === undefined ? {} : { releaseReader }),
    ...(allowMissing === undefined ? {} : { allowMissing }),
    ...(sources === undefined ? {} : { sources: sources(host) }),
  })
  return { ecosystem, served: { upstreams, connection, serve: serveNpm }, digest }
}
