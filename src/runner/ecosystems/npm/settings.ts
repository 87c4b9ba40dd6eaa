import { parse as parseIni } from 'ini'
import { parse as parseYaml, stringify as stringifyYaml } from 'yaml'
import { failures } from '../../../contract/failures.ts'
import { recordOf } from '../../../contract/json.ts'
import { closedUrl, relayUrl, type Upstream } from '../../broker/upstream.ts'
import type { Tree } from '../project.ts'
import { refuseElsewhere } from './inputs.ts'
import type { Registries } from './locks/addresses.ts'
import type { PackageManager } from './managers.ts'
import { nestedSpecifiers } from './specifiers.ts'

/** Keys of a repository's `.npmrc` that shape the tree of packages and run nothing. */
const npmrcKeys = new Set([
  'before',
  'engine-strict',
  'force',
  'global-style',
  'include',
  'install-links',
  'install-strategy',
  'legacy-bundling',
  'legacy-peer-deps',
  'lockfile-version',
  'omit',
  'omit-lockfile-registry-resolved',
  'prefer-dedupe',
  'strict-peer-deps',
  // pnpm
  'auto-install-peers',
  'dedupe-direct-deps',
  'dedupe-injected-deps',
  'dedupe-peer-dependents',
  'disallow-workspace-cycles',
  'exclude-links-from-lockfile',
  'hoist',
  'hoist-pattern',
  'hoist-workspace-packages',
  'inject-workspace-packages',
  'link-workspace-packages',
  'lockfile-include-tarball-url',
  'minimum-release-age',
  'minimum-release-age-exclude',
  'node-linker',
  'peers-suffix-max-length',
  'prefer-workspace-packages',
  'public-hoist-pattern',
  'resolution-mode',
  'resolve-peers-from-workspace-root',
  'save-workspace-protocol',
  'shamefully-hoist',
  'shared-workspace-lockfile',
  'strict-peer-dependencies',
  'virtual-store-dir-max-length',
])

/** Keys of `pnpm-workspace.yaml` besides those above in camel case. */
const workspaceKeys = new Set([
  'packages',
  'catalog',
  'catalogs',
  'overrides',
  'packageExtensions',
  'patchedDependencies',
  'peerDependencyRules',
  'allowedDeprecatedVersions',
  'allowUnusedPatches',
  'ignoredOptionalDependencies',
  'supportedArchitectures',
])

/** Keys of `.yarnrc.yml`; plugins, `yarnPath` and everything that names a host or a file stays out. */
const yarnrcKeys = new Set([
  'catalog',
  'catalogs',
  'compressionLevel',
  'defaultProtocol',
  'defaultSemverRangePrefix',
  'enableTransparentWorkspaces',
  'nmHoistingLimits',
  'nmMode',
  'nmSelfReferences',
  'enableScripts',
  'pnpEnableEsmLoader',
  'pnpEnableInlining',
  'pnpFallbackMode',
  'pnpIgnorePatterns',
  'pnpMode',
  'pnpShebang',
  'packageExtensions',
  'supportedArchitectures',
])

export type RepositorySettings = Readonly<Record<string, unknown>>

/** A repository's `.npmrc`, unreduced: only for looking at. */
export async function readNpmrc(tree: Tree): Promise<RepositorySettings> {
  return parseIni((await tree.read('.npmrc'))?.toString('utf8') ?? '')
}

/** A repository's `.yarnrc.yml`, unreduced: only for looking at. */
export async function readYarnrc(tree: Tree): Promise<RepositorySettings> {
  return (await readYaml(tree, '.yarnrc.yml')) ?? {}
}

/** Whether a project has a package of a scope such as `@corp`. */
export type HasScope = (scope: string) => boolean

export interface Reduced {
  readonly files: ReadonlyMap<string, Buffer>
  /** Scopes whose registry is asked for nothing, each with its host. */
  readonly closed: ReadonlyMap<string, string>
}

/**
 * The configuration files that the install container gets instead of the repository's. Throws
 * `registry-not-allowed` where those name a registry that the user's own configuration does not. That of a scope that
 * the project has nothing of (often one that its owner publishes to) is refused only where something asks for it.
 */
export async function reducedSettings(
  tree: Tree,
  manager: PackageManager,
  registries: Registries,
  hasScope: HasScope,
  /** Another Node or npm installs than the manifests allow: a strict check of that would only refuse. */
  otherEngine = false,
): Promise<Reduced> {
  const npmrc = { ...(await readNpmrc(tree)) }
  if (otherEngine) delete npmrc['engine-strict']
  const closed = new Map<string, string>()
  const addressOf = (url: string, scope?: string): string => {
    const upstream = known(url, registries, scope)
    if (upstream !== undefined) return relayUrl(upstream)
    if (scope === undefined || hasScope(scope))
      throw failures.registryNotAllowed(hostOf(url), settingFor(url, scope))
    closed.set(scope, hostOf(url))
    return closedUrl(hostOf(url))
  }
  const scopes = checkedScopes(npmrc, registries, addressOf)
  const files = new Map([['.npmrc', Buffer.from(reducedNpmrc(npmrc, registries, scopes))]])
  const workspace = await readYaml(tree, 'pnpm-workspace.yaml')
  if (manager.name === 'pnpm' && workspace !== undefined) {
    const { overrides, catalog, catalogs } = workspace
    for (const [name, text] of [overrides, catalog, catalogs].flatMap((one) => nestedSpecifiers('', one)))
      refuseElsewhere('pnpm-workspace.yaml', name, text)
    const kept = pick(workspace, (key) => isWorkspaceKey(key) && !(otherEngine && key === 'engineStrict'))
    files.set('pnpm-workspace.yaml', Buffer.from(stringifyYaml(kept)))
  }
  if (manager.name === 'yarn' && manager.major > 1) {
    const yarnrc = await readYarnrc(tree)
    const own = yarnScopes(yarnrc, addressOf)
    const all = new Map([...scopes, ...own])
    files.set('.yarnrc.yml', Buffer.from(stringifyYaml(reducedYarnrc(yarnrc, registries, all))))
  }
  return { files, closed }
}

/** Address in the container of the registry of each scope that has its own. */
type Scopes = ReadonlyMap<string, string>
/** Where the relay serves what the repository asks for at an address, or refuses it. */
type AddressOf = (url: string, scope?: string) => string

/** Those of the user, and those that the repository names by an address the user has too. */
function checkedScopes(npmrc: RepositorySettings, registries: Registries, addressOf: AddressOf): Scopes {
  const scopes = new Map<string, string>()
  for (const upstream of registries.upstreams)
    if (upstream.scope !== undefined) scopes.set(upstream.scope, relayUrl(upstream))
  for (const [key, value] of Object.entries(npmrc)) {
    const scope = /^(@[^:/]+):registry$/.exec(key)?.[1]
    if (scope === undefined && key !== 'registry') continue
    const address = addressOf(String(value), scope)
    if (scope !== undefined && !scopes.has(scope)) scopes.set(scope, address)
  }
  return scopes
}

/** The built-in default means the configured one, as npm has it. */
function known(url: string, registries: Registries, scope?: string): Upstream | undefined {
  const same = (other: string) => other.replace(/\/*$/, '') === url.replace(/\/*$/, '')
  const own = registries.upstreams.find((upstream) => upstream.scope === scope)
  const [first] = registries.upstreams
  if (own !== undefined && same(own.url)) return own
  if (same(registries.builtinRegistry)) return first
  return registries.upstreams.find((upstream) => same(upstream.url))
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url.slice(0, 100)
}

function settingFor(url: string, scope?: string): string {
  const clean = URL.canParse(url) ? `${new URL(url).origin}${new URL(url).pathname}` : 'URL'
  return `npm config set ${scope === undefined ? 'registry' : `${scope}:registry`} ${clean}`
}

function reducedNpmrc(npmrc: RepositorySettings, registries: Registries, scopes: Scopes): string {
  const lines = Object.entries(npmrc).flatMap(([key, value]) => {
    const plain = key.replace(/\[\]$/, '')
    if (!npmrcKeys.has(plain)) return []
    return (Array.isArray(value) ? value : [value]).map((one) => `${key}=${line(one)}`)
  })
  const [first] = registries.upstreams
  if (first !== undefined) lines.push(`registry=${relayUrl(first)}`)
  for (const [scope, address] of scopes) lines.push(`${scope}:registry=${address}`)
  return `${lines.join('\n')}\n`
}

/** A value cannot begin another line, nor name the environment. */
function line(value: unknown): string {
  return String(value)
    .replaceAll(/[\r\n]/g, ' ')
    .replaceAll('${', '')
}

function isWorkspaceKey(key: string): boolean {
  return (
    workspaceKeys.has(key) || npmrcKeys.has(key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`))
  )
}

function yarnScopes(yarnrc: RepositorySettings, addressOf: AddressOf): Scopes {
  const { npmRegistryServer: server } = yarnrc
  if (typeof server === 'string') addressOf(server)
  return new Map(
    scopeServers(yarnrc).flatMap(([scope, url]) =>
      typeof url === 'string' ? [[scope, addressOf(url, scope)] as const] : [],
    ),
  )
}

function scopeServers(yarnrc: RepositorySettings): (readonly [string, unknown])[] {
  const { npmScopes } = yarnrc
  return Object.entries(recordOf(npmScopes)).map(
    ([scope, value]) => [`@${scope}`, recordOf(value).npmRegistryServer] as const,
  )
}

function reducedYarnrc(
  yarnrc: RepositorySettings,
  registries: Registries,
  scopes: Scopes,
): RepositorySettings {
  const server = (address: string) => ({ npmRegistryServer: address.replace(/\/$/, '') })
  const [first] = registries.upstreams
  return {
    ...pick(yarnrc, (key) => yarnrcKeys.has(key)),
    ...(first === undefined ? {} : server(relayUrl(first))),
    npmScopes: Object.fromEntries([...scopes].map(([scope, address]) => [scope.slice(1), server(address)])),
    unsafeHttpWhitelist: ['127.0.0.1'],
  }
}

/** Undefined where there is no such file. Throws `no-manifest` for one that is no YAML. */
export async function readYaml(tree: Tree, path: string): Promise<RepositorySettings | undefined> {
  const bytes = await tree.read(path)
  if (bytes === undefined) return undefined
  try {
    return recordOf(parseYaml(bytes.toString('utf8')))
  } catch (error) {
    throw failures.badManifest(
      path,
      error instanceof Error ? (error.message.split('\n')[0] ?? '') : 'not YAML',
    )
  }
}

function pick(settings: RepositorySettings, allowed: (key: string) => boolean): RepositorySettings {
  return Object.fromEntries(Object.entries(settings).filter(([key]) => allowed(key)))
}
