import { posix } from 'node:path'
import type { Tree } from '../../project.ts'
import type { Manifest } from '../manifest.ts'
import type { Installed } from '../tools/installed.ts'
import { namedConfigs, type Placed } from './covered.ts'
import { configAt, readTsConfig, type TsConfig } from './tsconfig.ts'

/** A check that no script of the project names. */
export interface DerivedCommand {
  readonly display: string
  /** Folders whose `node_modules/.bin` stand first on the PATH, the root's last. */
  readonly dir: string
}

/** A package of the repository: its folder, its manifest, and every command of its scripts, run or not. */
export interface Package {
  readonly dir: string
  readonly manifest: Manifest
  readonly commands: readonly Placed[]
}

/** More than this in one repository would take longer than its tests. */
const mostConfigs = 16

interface Tools {
  readonly typescript: boolean
  readonly vue: boolean
  readonly svelte: boolean
}

function toolsOf(manifest: Manifest, root: Manifest, installed: Installed): Tools {
  const declares = (name: string): boolean =>
    [manifest, root].some(
      (one) => one.dependencies?.[name] !== undefined || one.devDependencies?.[name] !== undefined,
    )
  return {
    typescript: declares('typescript') || installed.versions('typescript').length > 0,
    vue: declares('vue-tsc'),
    svelte: declares('svelte-check'),
  }
}

/**
 * The type checks of a project whose scripts make none of these configurations: those that a script, a reference or a
 * package's own folder names.
 */
export async function typeChecks(
  tree: Tree,
  packages: readonly Package[],
  installed: Installed,
  covered: ReadonlySet<string>,
): Promise<readonly DerivedCommand[]> {
  const root = packages[0]?.manifest ?? {}
  const found = new Map<string, DerivedCommand>()
  for (const { dir, manifest, commands } of packages) {
    const tools = toolsOf(manifest, root, installed)
    if (!tools.typescript) continue
    const own = configAt(tree, dir === '' ? '.' : dir)
    if (tools.svelte && own !== undefined && !covered.has(own)) {
      found.set(own, { display: `svelte-check --workspace ${dir === '' ? '.' : dir}`, dir })
      continue
    }
    const compiler = tools.vue ? 'vue-tsc' : 'tsc'
    for (const { config, build } of await configsOf(tree, dir, commands, own))
      if (!covered.has(config) && !found.has(config))
        found.set(config, { display: `${compiler} ${build ? '-b' : '--noEmit -p'} ${config}`, dir })
  }
  return [...found.values()].slice(0, mostConfigs)
}

interface Target {
  readonly config: string
  /** What it refers to has to be built first. */
  readonly build: boolean
}

async function configsOf(
  tree: Tree,
  dir: string,
  commands: readonly Placed[],
  own: string | undefined,
): Promise<readonly Target[]> {
  const named = commands.flatMap((command) =>
    namedConfigs(command.words).map(({ config }) => configAt(tree, posix.join(command.dir, config))),
  )
  const paths = [...new Set([own, ...named].filter((path) => path !== undefined))]
  const targets: Target[] = []
  for (const path of paths.filter((one) => within(one, dir))) targets.push(...(await targetsOf(tree, path)))
  return targets
}

function within(path: string, dir: string): boolean {
  return dir === '' || path.startsWith(`${dir}/`)
}

/** One with sources is checked; one that only refers to others, by those. */
async function targetsOf(tree: Tree, path: string): Promise<readonly Target[]> {
  const config = await readTsConfig(tree, path)
  if (config === undefined) return []
  if (config.compiles) return [target(config)]
  const parts = await Promise.all(config.references.map((reference) => readTsConfig(tree, reference)))
  return parts.filter((part) => part?.compiles === true).map((part) => target(part as TsConfig))
}

function target({ path, references }: TsConfig): Target {
  return { config: path, build: references.length > 0 }
}
