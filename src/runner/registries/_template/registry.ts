import semver from 'semver'
import { failures } from '../../../contract/failures.ts'
import { createRemote } from '../../broker/remote/remote.ts'
import type { TemplateHost } from './host.ts'

export interface TemplateRegistry {
  /** The oldest first. Throws `no-such-package`. */
  versions(name: string, signal?: AbortSignal): Promise<readonly string[]>
}

const maxBytes = 1_000_000

/** The registry as the host asks it: `NAME` lists versions, one a line. */
export function createTemplateRegistry({ upstreams, connection }: TemplateHost): TemplateRegistry {
  const remote = createRemote(upstreams, connection)
  const [{ url }] = upstreams
  return {
    async versions(name, signal) {
      const asked = { maxBytes, ...(signal === undefined ? {} : { signal }) }
      const { status, body } = await remote(`${url}${name}`, asked)
      if (status === 404) throw failures.noSuchPackage(name)
      if (status !== 200) throw failures.registryAnswered(status, name, new URL(url).host)
      const lines = body.toString('utf8').split('\n')
      return semver.sort(lines.map((line) => line.trim()).filter((line) => semver.valid(line) !== null))
    },
  }
}
