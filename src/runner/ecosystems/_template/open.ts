import { readTemplateHost } from '../../registries/_template/host.ts'
import { serveTemplate } from '../../registries/_template/serve.ts'
import type { OpenContext, OpenedEcosystem } from '../module.ts'
import { templateEcosystem } from './index.ts'

export async function open({ userHome }: OpenContext): Promise<OpenedEcosystem> {
  const host = await readTemplateHost(userHome)
  const { upstreams, connection, digest } = host
  return {
    ecosystem: templateEcosystem(host),
    served: { upstreams, connection, serve: serveTemplate },
    digest,
  }
}
