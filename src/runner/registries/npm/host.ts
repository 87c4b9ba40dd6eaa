import { createHash } from 'node:crypto'
import { access, realpath, rm, writeFile } from 'node:fs/promises'
import { delimiter, dirname, join } from 'node:path'
import Config from '@npmcli/config'
import npmDefinitions from '@npmcli/config/lib/definitions/index.js'
import { readAuthorities } from '../../broker/authorities.ts'
import { type Connection, type Upstream, withSlash } from '../../broker/upstream.ts'
import { scratchFolder } from '../../scratch.ts'

/** What the user's own npm configuration says; read away from any repository. */
export interface NpmHost {
  /** The default registry first, then one for each scope that has its own. */
  readonly upstreams: readonly Upstream[]
  /** npm's built-in default registry: lock files that name it mean the configured one. */
  readonly builtinRegistry: string
  readonly connection: Connection
  /** Hex digest of the registries, without credentials; part of cache keys. */
  readonly digest: string
}

export type Env = Readonly<Record<string, string | undefined>>

/**
 * Reads user, global and built-in npmrc files and the environment as npm does, from an empty folder,
 * so that no repository's `.npmrc` counts.
 */
export async function readNpmHost(env: Env): Promise<NpmHost> {
  const neutral = await scratchFolder('npm')
  try {
    // Without a manifest here npm would look for one in the folders above.
    await writeFile(join(neutral, 'package.json'), '{}\n')
    const npm = await findNpm(env)
    const config = new Config({
      npmPath: npm?.path ?? neutral,
      execPath: npm?.node ?? process.execPath,
      ...npmDefinitions,
      argv: ['node', 'npm'],
      env: ownEnvironment(env),
      cwd: neutral,
      warn: false,
    })
    await config.load()
    return await toHost(config.flat, env)
  } finally {
    await rm(neutral, { recursive: true, force: true })
  }
}

/**
 * npm hands its configuration, the repository's included, to its children as lower-case `npm_config_*`:
 * under npm only the upper-case ones are sure to be the user's.
 */
function ownEnvironment(env: Env): Record<string, string | undefined> {
  const underNpm = env.npm_execpath !== undefined || env.npm_config_local_prefix !== undefined
  return Object.fromEntries(Object.entries(env).filter(([name]) => !underNpm || !name.startsWith('npm_')))
}

/** The npm that the user would run: its folder holds the built-in npmrc, its node the global prefix. */
async function findNpm(env: Env): Promise<{ path: string; node: string } | undefined> {
  const windows = process.platform === 'win32'
  for (const folder of (env.PATH ?? '').split(delimiter)) {
    const file = join(folder, windows ? 'npm.cmd' : 'npm')
    const node = join(folder, windows ? 'node.exe' : 'node')
    if (!(await exists(file))) continue
    const path = windows ? join(folder, 'node_modules', 'npm') : dirname(dirname(await realpath(file)))
    return { path, node: (await exists(node)) ? node : process.execPath }
  }
  return undefined
}

async function exists(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  )
}

async function toHost(flat: Readonly<Record<string, unknown>>, env: Env): Promise<NpmHost> {
  const upstreams = readUpstreams(flat)
  const registries = upstreams.map((upstream) => [upstream.name, upstream.scope ?? '', upstream.url])
  return {
    upstreams,
    builtinRegistry: String(npmDefinitions.definitions.registry?.default ?? ''),
    connection: await readConnection(flat, env),
    digest: createHash('sha256').update(JSON.stringify(registries)).digest('hex'),
  }
}

function readUpstreams(flat: Readonly<Record<string, unknown>>): Upstream[] {
  const common = { headers: {} } as const
  const upstreams: Upstream[] = [{ ...common, name: 'npm', url: withSlash(String(flat.registry)) }]
  for (const [key, value] of Object.entries(flat)) {
    const scope = /^(@[^:/]+):registry$/.exec(key)?.[1]
    if (scope === undefined || typeof value !== 'string' || !URL.canParse(value)) continue
    upstreams.push({ ...common, name: scopeName(scope), url: withSlash(value), scope })
  }
  return upstreams
}

function scopeName(scope: string): string {
  const readable = scope
    .slice(1)
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
  return `npm-${readable}-${createHash('sha256').update(scope).digest('hex').slice(0, 6)}`
}

async function readConnection(flat: Readonly<Record<string, unknown>>, env: Env): Promise<Connection> {
  const text = (key: string): string | undefined => {
    const value = flat[key]
    return typeof value === 'string' && value !== '' ? value : undefined
  }
  const proxy = text('httpsProxy') ?? text('proxy') ?? proxyOf(env)
  const noProxy = text('noProxy') ?? env.NO_PROXY ?? env.no_proxy
  const cert = text('cert')
  const key = text('key')
  const localAddress = text('localAddress')
  const authorities = Array.isArray(flat.ca)
    ? flat.ca.map(String)
    : typeof flat.ca === 'string'
      ? [flat.ca]
      : []
  return {
    ca: await readAuthorities(env, authorities),
    strictSsl: flat.strictSSL !== false,
    timeoutMs: Number(flat.timeout ?? 60_000),
    retries: Number(flat.fetchRetries ?? 2),
    minRetryDelayMs: Number(flat.fetchRetryMintimeout ?? 1000),
    userAgent: 'drydock',
    credentials: Object.fromEntries(Object.entries(flat).filter(([name]) => name.startsWith('//'))),
    ...(proxy === undefined ? {} : { proxy }),
    ...(noProxy === undefined ? {} : { noProxy }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    ...(localAddress === undefined ? {} : { localAddress }),
  }
}

/** In the order that npm's own agent has for an https registry. */
function proxyOf(env: Env): string | undefined {
  const names = ['https_proxy', 'http_proxy', 'proxy']
  return names
    .flatMap((name) => [env[name], env[name.toUpperCase()]])
    .find((value) => value !== undefined && value !== '')
}
