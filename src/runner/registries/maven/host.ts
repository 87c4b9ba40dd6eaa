import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { mavenFailures } from '../../../contract/ecosystems/maven/failures.ts'
import { readAuthorities } from '../../broker/authorities.ts'
import { type Connection, type Upstream, usualConnection, withSlash } from '../../broker/upstream.ts'
import { builtinRepository, findMavenHome } from './central.ts'
import { type MavenSettings, mirrors, type Repository, readSettings } from './settings.ts'

/** What the user's own Maven configuration says; read away from any repository, and Maven is not run. */
export interface MavenHost {
  /** In the order they are asked; the first answers at the relay for all of them. */
  readonly upstreams: readonly Upstream[]
  readonly connection: Connection
  /** Hex digest of the repositories, without credentials; part of cache keys. */
  readonly digest: string
}

type Env = Readonly<Record<string, string | undefined>>

const none: MavenSettings = { servers: [], mirrors: [], repositories: [] }

/**
 * Reads the user's and the installation's `settings.xml`, and the default repository from Maven's own super POM. Throws
 * `no-maven-repository` where neither names any.
 */
export async function readMavenHost(env: Env, userHome: string): Promise<MavenHost> {
  const home = await findMavenHome(env)
  const files = [
    join(userHome, '.m2/settings.xml'),
    ...(home === undefined ? [] : [join(home, 'conf/settings.xml')]),
  ]
  const read = await Promise.all(files.map((file) => settingsAt(file, env, userHome)))
  const settings = merge(read)
  const builtin = home === undefined ? undefined : await builtinRepository(home)
  const upstreams = upstreamsOf(settings, builtin)
  if (upstreams.length === 0) throw mavenFailures.noMavenRepository()
  const urls = upstreams.map(({ url }) => url)
  return {
    upstreams,
    connection: await connectionOf(settings, env),
    digest: createHash('sha256').update(JSON.stringify(urls)).digest('hex'),
  }
}

async function settingsAt(file: string, env: Env, home: string): Promise<MavenSettings> {
  const text = await readFile(file, 'utf8').catch(() => undefined)
  if (text === undefined) return none
  try {
    return readSettings(text, env, home)
  } catch (error) {
    throw mavenFailures.badMavenSettings(file, error instanceof Error ? error.message : String(error))
  }
}

/** The user's come before the installation's. */
function merge(all: readonly MavenSettings[]): MavenSettings {
  const proxy = all.find((one) => one.proxy !== undefined)?.proxy
  return {
    servers: all.flatMap(({ servers }) => servers),
    mirrors: all.flatMap((one) => one.mirrors),
    repositories: all.flatMap(({ repositories }) => repositories),
    ...(proxy === undefined ? {} : { proxy }),
  }
}

/** Each repository by its mirror, every address once; a mirror of everything is one even without repositories. */
function upstreamsOf(settings: MavenSettings, builtin: Repository | undefined): Upstream[] {
  const own = settings.repositories.some(({ id }) => id === 'central')
  // Without a Maven its address is not known, but a mirror may stand for it.
  const central = builtin ?? { id: 'central', url: '' }
  const all = [...settings.repositories, ...(own ? [] : [central])]
  const used = all.flatMap((repository) => {
    const mirror = settings.mirrors.find(({ of }) => mirrors(of, repository))
    const target = mirror ?? repository
    return URL.canParse(target.url) ? [target] : []
  })
  const unique = new Map(used.map((one) => [withSlash(one.url), one.id]))
  return [...unique]
    .filter(([url]) => /^https?:/.test(url))
    .map(([url, id], index) => ({
      name: index === 0 ? 'maven' : `maven-${index + 1}`,
      url,
      headers: settings.servers.find((server) => server.id === id)?.headers ?? {},
    }))
}

async function connectionOf({ proxy }: MavenSettings, env: Env): Promise<Connection> {
  const url = proxy?.url ?? env.https_proxy ?? env.HTTPS_PROXY ?? env.http_proxy ?? env.HTTP_PROXY
  const noProxy = proxy === undefined ? (env.NO_PROXY ?? env.no_proxy) : proxy.noProxy
  return {
    ...usualConnection,
    ca: await readAuthorities(env),
    ...(url === undefined || url === '' ? {} : { proxy: url }),
    ...(noProxy === undefined ? {} : { noProxy }),
  }
}
