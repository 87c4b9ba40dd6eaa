import type { Warning } from '../../../contract/verdict.ts'
import { workspacePath } from '../../../contract/workspace.ts'
import { nodeNeed } from '../../toolchains/node/need.ts'
import type { Project, Tree } from '../project.ts'
import { type InstallRecipe, installScratch } from '../recipe.ts'
import type { SourceFetcher } from '../sources.ts'
import {
  binaryOf,
  environmentOf,
  type InstallMode,
  installCommand,
  installScripts,
  offline,
} from './commands.ts'
import { manifestInputs, withRelay } from './inputs.ts'
import type { Registries } from './locks/addresses.ts'
import { lockOf } from './locks/index.ts'
import type { Lock } from './locks/lock.ts'
import { isOldLock } from './locks/npmLock.ts'
import { fromRelay, type RelayLock, toRelay } from './locks/relayLock.ts'
import { lockfileOf, type PackageManager, parsePackageManager } from './managers.ts'
import { groupKeys, type ManifestFile, readManifests } from './manifest.ts'
import { leftOut, type Stub, withoutStubs, withStubs } from './missing.ts'
import { neededBy } from './neededBy.ts'
import { type HasScope, readNpmrc, reducedSettings } from './settings.ts'
import { buildFiles, buildScripts, buildsOf, withBuilds } from './sources/builds.ts'
import { type LockText, type Settled, settleSources, sourceText } from './sources/settle.ts'
import { downloadWarnings } from './tools/downloads.ts'
import { otherEngine, withoutEngines } from './tools/engines.ts'
import { scriptEnvironment } from './tools/environment.ts'
import { pathFor } from './tools/versions.ts'
import { words } from './words.ts'

const nothing: RelayLock = {
  text: '',
  pins: new Map(),
  foreignHosts: new Map(),
  unpinned: [],
  weak: [],
  packages: 0,
}

/** What an install may do about dependencies that no registry has. */
interface Beyond {
  readonly stubs?: readonly Stub[]
  readonly fetcher?: SourceFetcher | undefined
}

function folderOf({ dir }: { readonly dir: string }): string {
  return dir === '' ? '.' : dir
}

/** How a project's packages come into a workspace without any of its code or configuration being run. */
export async function install(
  tree: Tree,
  project: Project,
  mode: InstallMode,
  registries: Registries,
  { stubs = [], fetcher }: Beyond = {},
): Promise<InstallRecipe> {
  const manager = parsePackageManager(project.packageManager)
  const manifests = await readManifests(tree)
  const npmrc = await readNpmrc(tree)
  const copies = manager.name !== 'npm' || String(npmrc['install-links']) === 'true'
  const { files, local } = await manifestInputs(tree, manifests, copies)
  const other = otherEngine(project, manifests)
  const before = await lockText(tree, project.locks[0]?.path)
  const locked = await lockOf(tree, project)
  const settings = await reducedSettings(tree, manager, registries, scopesOf(manifests, locked), other)
  for (const [path, bytes] of [...settings.files, ...(await patches(tree))]) files.set(path, bytes)
  const old = before !== undefined && isOldLock(before.path, before.text)
  const sources = await settleSources(local, before, fetcher)
  if (sources.sources.length > 0)
    for (const [path, bytes] of withRelay(local, sources)) files.set(path, bytes)
  if (other && manager.name !== 'npm') withoutEngines(files, manifests)
  const stubbed = before === undefined ? undefined : { ...before, text: withStubs(before.text, stubs) }
  const lock = stubbed === undefined ? nothing : relayed(stubbed, sources, registries, tree.folder)
  const path = before?.path ?? lockfileOf(manager.name)
  if (before !== undefined) files.set(path, Buffer.from(lock.text))
  const builds = mode === 'write' ? [] : buildsOf(sources.sources)
  for (const [name, bytes] of buildFiles(builds, files.get('.npmrc'))) files.set(name, bytes)
  const legacyLock = old && npmrc['lockfile-version'] === undefined
  const rules = { legacyPeers: project.legacyPeers === true, legacyLock }
  const environment = await scriptEnvironment(tree, project)
  const omit = String(npmrc['omit-lockfile-registry-resolved']) === 'true'
  const [first] = registries.upstreams
  return {
    files,
    words,
    command: withBuilds(commandOf(manager, mode, sources, rules), builds),
    ...contentsFor(manager, mode, { ...environmentOf(manager), ...installPath(project, manager) }),
    outputs: mode === 'write' ? [path] : [],
    restore: (output, bytes) => {
      if (output !== path) return bytes
      const text = withoutStubs(bytes.toString('utf8'), stubs)
      const own =
        sources.sources.length === 0 ? text : sourceText(path).from(before?.text, text, sources.index)
      return Buffer.from(fromRelay(path, before?.text, own, registries, omit))
    },
    pins: new Map([...lock.pins, ...sources.pins]),
    ...(first === undefined ? {} : { registryHost: new URL(first.url).host }),
    neededBy: (name) => neededBy(manifests, locked, name),
    packages: lock.packages + sources.sources.length,
    keep: ['node_modules'],
    scripts:
      mode === 'write'
        ? []
        : [
            ...buildScripts(builds, local.map(folderOf), { ...offline, ...environment }),
            ...installScripts(manager, locked, copies ? manifests : local, copies, environment),
          ],
    warnings: [
      ...leftOut(stubs),
      ...(old ? [oldLock(path, manager)] : []),
      ...converted(path, before?.text ?? ''),
      ...lockWarnings(lock, path),
      ...sources.warnings,
      ...downloadWarnings(locked.packages),
      ...(await withheldWarnings(tree, manager)),
      ...closedWarnings(settings.closed),
    ],
  }
}

/** Only npm takes a package by its integrity from a file that no index names. */
function contentsFor(
  { name }: PackageManager,
  mode: InstallMode,
  env: InstallRecipe['env'],
): Pick<InstallRecipe, 'env' | 'contents'> {
  if (name !== 'npm' || mode === 'write') return { env }
  const folder = `${installScratch}/npm`
  return { env: { ...env, npm_config_cache: `${workspacePath}/${folder}` }, contents: `${folder}/_cacache` }
}

/** By what manifests declare, under whatever name, and what the lock file has. */
function scopesOf(manifests: readonly ManifestFile[], locked: Lock): HasScope {
  const declared = manifests.flatMap(({ manifest }) =>
    groupKeys.flatMap((group) => Object.entries(manifest[group] ?? {}).flat()),
  )
  const names = [...declared, ...locked.packages.map(({ name }) => name)]
  return (scope) => names.some((name) => name.replace(/^npm:/, '').startsWith(`${scope}/`))
}

/** npm runs on the image's own Node; the others check what they run on against what packages ask for. */
function installPath({ image }: Project, { name }: PackageManager): Readonly<Record<string, string>> {
  const node = nodeNeed(image)
  const path = node !== undefined && name !== 'npm' ? pathFor(node.major) : undefined
  return path === undefined ? {} : { PATH: path }
}

/** Berry's own checksum of a source is of what the user's yarn packed: it cannot be there, and is written anew. */
function commandOf(
  manager: PackageManager,
  mode: InstallMode,
  { sources }: Settled,
  rules: Parameters<typeof installCommand>[2],
): readonly string[] {
  const command = installCommand(manager, mode, rules)
  return sources.length === 0
    ? command
    : command.map((word) => (word === '--immutable' ? '--no-immutable' : word))
}

function relayed(
  { path, text }: LockText,
  { sources, index }: Settled,
  registries: Registries,
  folder: string | undefined,
): RelayLock {
  return toRelay(path, sources.length === 0 ? text : sourceText(path).to(text, index), registries, folder)
}

async function lockText(tree: Tree, path: string | undefined): Promise<LockText | undefined> {
  const bytes = path === undefined ? undefined : await tree.read(path)
  return path === undefined || bytes === undefined ? undefined : { path, text: bytes.toString('utf8') }
}

/** Patches are laid over packages as data. */
async function patches(tree: Tree): Promise<ReadonlyMap<string, Buffer>> {
  const paths = tree.paths.filter((path) => /^(\.yarn\/patches|patches)\/.*\.(patch|diff)$/.test(path))
  const files = await Promise.all(paths.map(async (path) => [path, await tree.read(path)] as const))
  return new Map(files.flatMap(([path, bytes]) => (bytes === undefined ? [] : [[path, bytes] as const])))
}

function oldLock(path: string, manager: PackageManager): Warning {
  return {
    code: `lock-version:${path}`,
    message: `${path} is of npm 6 (lockfileVersion 1): npm ${manager.major} read it by npm 6's rules for peers, and writes it in that version.`,
    path,
    severity: 'notice',
  }
}

/** Lock files that no package manager here writes as they are. */
function converted(path: string, text: string): Warning[] {
  const version =
    path === 'pnpm-lock.yaml' ? /^lockfileVersion: *['"]?(5\.[0-3])\b/m.exec(text)?.[1] : undefined
  if (version === undefined) return []
  const message = `${path} has lockfileVersion ${version}: pnpm 7 reads it, and writes 5.4.`
  return [{ code: `lock-version:${path}`, message, path, severity: 'notice' }]
}

function lockWarnings(lock: RelayLock, path: string): Warning[] {
  const warnings: Warning[] = []
  const hosts = [...lock.foreignHosts.keys()]
  if (hosts.length > 0)
    warnings.push({
      code: `lock-hosts:${path}`,
      message: `${path} takes ${counted(lock.foreignHosts)} from ${some(hosts)}, which your npm configuration does not name: they came from your registry and were checked against the lock file.`,
      path,
      severity: 'notice',
    })
  if (lock.unpinned.length > 0)
    warnings.push({
      code: `missing-integrity:${path}`,
      message: `${path} has no integrity for ${lock.unpinned.length} of ${lock.packages} packages (${some(lock.unpinned)}): the registry's own was used.`,
      path,
      severity: 'notice',
    })
  if (lock.weak.length > 0)
    warnings.push({
      code: `weak-integrity:${path}`,
      message: `${path} checks ${lock.weak.length} of ${lock.packages} packages by SHA-1 or weaker, which can be forged (${some(lock.weak)}).`,
      path,
      severity: 'notice',
    })
  return warnings
}

function some(names: readonly string[]): string {
  const shown = names.slice(0, 3).join(', ')
  return names.length > 3 ? `${shown} and ${names.length - 3} more` : shown
}

function counted(byHost: ReadonlyMap<string, number>): string {
  const count = [...byHost.values()].reduce((sum, one) => sum + one, 0)
  return `${count} ${count === 1 ? 'package' : 'packages'}`
}

/** Keys of an `.npmrc` that name a program, a file with code, or the way to the network. */
const programKeys = new Set([
  ...['git', 'script-shell', 'shell', 'node-options', 'editor', 'viewer', 'browser', 'init-module', 'python'],
  ...['node-gyp', 'onload-script', 'pnpmfile', 'global-pnpmfile', 'userconfig', 'globalconfig', 'prefix'],
  ...['proxy', 'http-proxy', 'https-proxy', 'noproxy', 'cafile', 'ca', 'cert', 'key', 'strict-ssl'],
])

function closedWarnings(closed: ReadonlyMap<string, string>): Warning[] {
  return [...closed].map(([scope, host]) => ({
    code: `not-asked:${scope}`,
    message: `${host}, which the repository names for ${scope}, is asked for nothing: the project has no package of that scope.`,
    severity: 'notice',
  }))
}

/** Repository code that a package manager would have run while it can fetch packages. */
async function withheldWarnings(tree: Tree, manager: PackageManager): Promise<Warning[]> {
  const withheld = ['.pnpmfile.cjs', '.pnpmfile.mjs', 'pnpmfile.js', '.yarnrc'].filter((path) =>
    tree.paths.includes(path),
  )
  const yarnrc = (await tree.read('.yarnrc.yml'))?.toString('utf8') ?? ''
  if (/^(yarnPath|plugins):/m.test(yarnrc)) withheld.push('.yarnrc.yml')
  if (Object.keys(await readNpmrc(tree)).some((key) => programKeys.has(key))) withheld.push('.npmrc')
  return withheld.map((path) => ({
    code: `not-run:${path}`,
    message: `${path} can run code during an install; ${binaryOf(manager)} installed without it.`,
    path,
    severity: 'notice',
  }))
}
