import { type InstallScript, installScratch } from '../recipe.ts'
import type { Lock } from './locks/lock.ts'
import type { PackageManager } from './managers.ts'
import type { ManifestFile } from './manifest.ts'
import { rebuildScript } from './rebuild.ts'
import { quietScripts } from './tools/downloads.ts'
import { withManager } from './tools/shims.ts'

export type InstallMode = 'write' | 'frozen'

const scratch = `/workspace/${installScratch}`

/** Name of the manager's binary in the project images. */
export function binaryOf({ name, major }: PackageManager): string {
  return name === 'npm' ? 'npm' : `${name}-${major}`
}

/** Environment of the install container's package manager. */
export function environmentOf({ name, major }: PackageManager): Readonly<Record<string, string>> {
  // A name that a yarn does not know ends it.
  return name === 'yarn' && major >= 4 ? { ...installEnv, YARN_ENABLE_HARDENED_MODE: '0' } : installEnv
}

export interface NpmRules {
  /** Peers that do not fit are passed over, and none is installed by itself. */
  readonly legacyPeers: boolean
  /** The lock file is of npm 6, and is written so again. */
  readonly legacyLock: boolean
}

/** Nothing of these runs a script, asks a question or talks to anything but the relay. */
export function installCommand(
  manager: PackageManager,
  mode: InstallMode,
  rules: NpmRules = { legacyPeers: false, legacyLock: false },
): readonly string[] {
  const binary = binaryOf(manager)
  const frozen = mode === 'frozen'
  if (manager.name === 'npm') {
    const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-progress']
    if (rules.legacyPeers || rules.legacyLock) quiet.push('--legacy-peer-deps')
    if (frozen) return [binary, 'ci', ...quiet]
    if (rules.legacyLock) quiet.push('--lockfile-version=1')
    return [binary, 'install', '--package-lock-only', ...quiet]
  }
  if (manager.name === 'pnpm') {
    const quiet = [
      '--ignore-scripts',
      '--ignore-pnpmfile',
      '--reporter=append-only',
      `--store-dir=${scratch}/store`,
    ]
    const how = frozen ? ['--frozen-lockfile'] : ['--lockfile-only', '--no-frozen-lockfile']
    return [binary, 'install', ...how, ...quiet]
  }
  if (manager.major === 2) return [binary, 'install', ...(frozen ? ['--immutable'] : []), '--skip-builds']
  if (manager.major > 1)
    return [
      binary,
      'install',
      ...(frozen ? ['--immutable', '--mode=skip-build'] : ['--no-immutable', '--mode=update-lockfile']),
    ]
  const quiet = [
    '--ignore-scripts',
    '--non-interactive',
    '--no-progress',
    // As npm and pnpm have it: what runs on another Node is said, and shown by the checks.
    '--ignore-engines',
    `--cache-folder=${scratch}/cache`,
  ]
  return [binary, 'install', ...(frozen ? ['--frozen-lockfile'] : []), ...quiet]
}

/** A manager must not fetch and run the version that a manifest names. */
const sameVersion = {
  npm_config_manage_package_manager_versions: 'false',
  npm_config_package_manager_strict: 'false',
  pnpm_config_manage_package_manager_versions: 'false',
  pnpm_config_pm_on_fail: 'ignore',
  YARN_IGNORE_PATH: '1',
  SKIP_YARN_COREPACK_CHECK: '1',
} as const

const installEnv: Readonly<Record<string, string>> = {
  ...sameVersion,
  npm_config_cache: '/tmp/npm-cache',
  npm_config_update_notifier: 'false',
  npm_config_fetch_retries: '0',
  npm_config_verify_store_integrity: 'false',
  YARN_ENABLE_TELEMETRY: '0',
  YARN_ENABLE_GLOBAL_CACHE: 'false',
  YARN_ENABLE_SCRIPTS: 'false',
  YARN_ENABLE_PROGRESS_BARS: 'false',
  YARN_CACHE_FOLDER: `${scratch}/cache`,
  // Without it a Plug'n'Play project would need its loader in every process.
  YARN_NODE_LINKER: 'node-modules',
}

/** For what runs in a project container. */
export const offline: Readonly<Record<string, string>> = {
  ...sameVersion,
  npm_config_offline: 'true',
  npm_config_update_notifier: 'false',
  npm_config_audit: 'false',
  npm_config_fund: 'false',
  // pnpm refuses to work on packages from a store that it is not told of.
  npm_config_store_dir: `${scratch}/store`,
  pnpm_config_store_dir: `${scratch}/store`,
  YARN_ENABLE_NETWORK: '0',
}

/** Scripts that an install of the project's own manager runs in it, in this order. */
const lifecycle = [
  'preinstall',
  'install',
  'postinstall',
  'prepublish',
  'preprepare',
  'prepare',
  'postprepare',
] as const

/** What `--ignore-scripts` left out, to be run offline once the source is there; `env` as the checks have it. */
export function installScripts(
  manager: PackageManager,
  lock: Lock,
  manifests: readonly ManifestFile[],
  copiesFolders: boolean,
  env: Readonly<Record<string, string>>,
): readonly InstallScript[] {
  const binary = manager.name === 'npm' ? '' : binaryOf(manager)
  const own = ownScripts(manifests, env.PATH !== undefined)
  return [...packageScripts(manager, lock, manifests, copiesFolders), ...own].map((script) => ({
    ...script,
    argv: withManager(script.argv, binary),
    env: { ...script.env, ...quietScripts, ...env },
  }))
}

function packageScripts(
  manager: PackageManager,
  lock: Lock,
  manifests: readonly ManifestFile[],
  copiesFolders: boolean,
): readonly InstallScript[] {
  const scripts: InstallScript[] = []
  const binary = manager.name === 'pnpm' ? binaryOf(manager) : 'npm'
  const localBins = manifests.slice(1).some(({ document }) => document.bin !== undefined)
  if (localBins && manager.name !== 'pnpm')
    // The files that they link to came with the source.
    scripts.push({
      argv: [binary, 'rebuild', '--ignore-scripts'],
      env: offline,
      display: 'npm rebuild --ignore-scripts',
    })
  const any = lock.packages.some((entry) => entry.installScript !== false && (copiesFolders || !entry.local))
  const folders = manifests.map(({ dir }) => (dir === '' ? '.' : dir))
  const argv = manager.name === 'pnpm' ? [binary, 'rebuild'] : ['node', '-e', rebuildScript, ...folders]
  if (any || (localBins && manager.name === 'pnpm'))
    scripts.push({ argv, env: offline, display: `${manager.name} rebuild` })
  return scripts
}

/** Those of workspaces and local folders first, as package managers have it. */
function ownScripts(manifests: readonly ManifestFile[], ofOld: boolean): readonly InstallScript[] {
  return [...manifests.slice(1), ...manifests.slice(0, 1)].flatMap(({ dir, manifest }) =>
    lifecycle
      .filter((name) => manifest.scripts?.[name] !== undefined)
      .filter((name) => !ofOld || !comesWith(name, manifest.scripts ?? {}))
      .map((name) => ({
        // Before npm 7 the flag means every script, not `pre` and `post` alone.
        argv: ofOld ? ['npm', 'run', name] : ['npm', 'run', '--ignore-scripts', name],
        env: offline,
        display: dir === '' ? `npm run ${name}` : `npm run ${name} (${dir})`,
        ...(dir === '' ? {} : { cwd: dir }),
      })),
  )
}

/** A `pre` or `post` of a script that npm runs with it. */
function comesWith(name: string, scripts: Readonly<Record<string, string>>): boolean {
  const of = /^(?:pre|post)(install|prepare)$/.exec(name)?.[1]
  return of !== undefined && scripts[of] !== undefined
}
