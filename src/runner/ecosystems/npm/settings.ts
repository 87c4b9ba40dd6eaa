import { parse as parseIni } from 'ini'
import { parse as parseYaml, stringify as stringifyYaml } from 'yaml'
import { failures } from '../../../contract/failures.ts'
import { recordOf } from '../../../contract/json.ts'
import { relayUrl, type Upstream } from '../../broker/upstream.ts'
import type { Tree } from '../ecosystem.ts'
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

/**
 * The configuration files that the install container gets instead of the repository's. Throws
 * `registry-not-allowed` where those name a registry that the user's own configuration does not.
 */
export async function reducedSettings(
  tree: Tree,
  manager: PackageManager,
  registries: Registries,
  /** Another Node or npm installs than the manifests allow: a strict check of that would only refuse. */
  otherEngine = false,
): Promise<Map<string, Buffer>> {
  const npmrc = { ...(await readNpmrc(tree)) }
  if (otherEngine) delete npmrc['engine-strict']
  const scopes = checkedScopes(npmrc, registries)
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
    checkYarnRegistry(yarnrc, registries)
    files.set('.yarnrc.yml', Buffer.from(stringifyYaml(reducedYarnrc(yarnrc, registries, scopes))))
  }
  return files
}

type Scopes = ReadonlyMap<string, Upstream>

/** Scopes with a registry of their own, the user's and those that the repository names by an address the user has too. */
function checkedScopes(npmrc: RepositorySettings, registries: Registries): Scopes {
  const scopes = new Map<string, Upstream>()
  for (const upstream of registries.upstreams)
    if (upstream.scope !== undefined) scopes.set(upstream.scope, upstream)
  for (const [key, value] of Object.entries(npmrc)) {
    const scope = /^(@[^:/]+):registry$/.exec(key)?.[1]
    if (scope === undefined && key !== 'registry') continue
    const upstream = known(String(value), registries, scope)
    if (upstream === undefined)
      throw failures.registryNotAllowed(hostOf(String(value)), settingFor(String(value), scope))
    if (scope !== undefined && !scopes.has(scope)) scopes.set(scope, upstream)
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
  for (const [scope, upstream] of scopes) lines.push(`${scope}:registry=${relayUrl(upstream)}`)
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

function checkYarnRegistry(yarnrc: RepositorySettings, registries: Registries): void {
  const named = [[undefined, yarnrc.npmRegistryServer], ...scopeServers(yarnrc)] as const
  for (const [scope, url] of named)
    if (typeof url === 'string' && known(url, registries, scope) === undefined)
      throw failures.registryNotAllowed(hostOf(url), settingFor(url, scope))
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
  const server = (upstream: Upstream) => ({ npmRegistryServer: relayUrl(upstream).replace(/\/$/, '') })
  const [first] = registries.upstreams
  const all = new Map(scopes)
  for (const [scope, url] of scopeServers(yarnrc)) {
    const upstream = typeof url === 'string' ? known(url, registries, scope) : undefined
    if (upstream !== undefined) all.set(scope, upstream)
  }
  return {
    ...pick(yarnrc, (key) => yarnrcKeys.has(key)),
    ...(first === undefined ? {} : server(first)),
    npmScopes: Object.fromEntries([...all].map(([scope, upstream]) => [scope.slice(1), server(upstream)])),
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
