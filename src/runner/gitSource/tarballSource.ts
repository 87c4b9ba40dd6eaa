import { createHash } from 'node:crypto'
import { join } from 'node:path'
import ssri from 'ssri'
import { Refusal } from '../broker/refusal.ts'
import { createRemote } from '../broker/remote/remote.ts'
import { openStore } from '../broker/store.ts'
import type { Connection, Upstream } from '../broker/upstream.ts'
import { type HostPolicy, mayAsk } from './hosts.ts'
import type { Packed } from './packed.ts'
import { GitTrouble } from './remoteGit.ts'

/** Tarballs that manifests name by their address. Throws `GitTrouble`. */
export interface TarballSource {
  /** Whether an address may be asked for at all. */
  mayAsk(url: string): boolean
  /** Checked against `integrity` where a lock file has one. */
  fetch(url: string, integrity: string | undefined): Promise<Packed>
}

export interface TarballSourceOptions {
  readonly policy: HostPolicy
  readonly upstreams: readonly Upstream[]
  readonly connection: Connection
  readonly cacheDir: string
  readonly maxBytes?: number
  readonly signal?: AbortSignal
}

const usualBytes = 200_000_000

/** Asked with the same program as registries: redirects lead nowhere but to hosts that may be asked themselves. */
export function openTarballSource(options: TarballSourceOptions): TarballSource {
  const { policy, upstreams, connection, cacheDir, signal } = options
  const store = openStore(join(cacheDir, 'packages'))
  const registries = new Set(upstreams.map(({ url }) => new URL(url).origin))
  const allowed = (url: string): boolean =>
    URL.canParse(url) && (registries.has(new URL(url).origin) || mayAsk(url, policy))
  return {
    mayAsk: allowed,
    fetch: async (url, integrity) => {
      const kept = integrity === undefined ? undefined : await store.get(integrity)
      const bytes = kept ?? (await download(url))
      const own = integrity ?? ssri.fromData(bytes, { algorithms: ['sha512'] }).toString()
      if (!(await store.put(own, bytes)))
        throw new GitTrouble('its bytes are not those that the lock file names')
      return {
        integrity: own,
        sha1: createHash('sha1').update(bytes).digest('hex'),
        manifest: '{}',
        leftOut: [],
      }
    },
  }

  async function download(url: string): Promise<Buffer> {
    const remote = createRemote(upstreams, connection, allowed)
    const request = { maxBytes: options.maxBytes ?? usualBytes, ...(signal === undefined ? {} : { signal }) }
    const found = await remote(url, request).catch((error: unknown) => {
      if (error instanceof Refusal) throw new GitTrouble(error.failure.message)
      throw error
    })
    if (found.status !== 200) throw new GitTrouble(`${new URL(url).host} answered ${found.status}`)
    return found.body
  }
}
