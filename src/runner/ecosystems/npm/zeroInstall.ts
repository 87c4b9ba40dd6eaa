import type { Project, Tree } from '../project.ts'
import type { CompanionRecipe } from '../recipe.ts'
import { binaryOf } from './commands.ts'
import { install } from './install.ts'
import type { Registries } from './locks/addresses.ts'
import { lockOf } from './locks/index.ts'
import { parsePackageManager } from './managers.ts'
import { readYarnrc } from './settings.ts'

const loaders = ['.pnp.cjs', '.pnp.js', '.pnp.loader.mjs', '.pnp.data.json'] as const
const cacheFolder = '.yarn/cache'
/** More than this is not kept in memory, bytes. */
const maxCacheBytes = 300_000_000
const archive = /^\.yarn\/cache\/[^/]+\.zip$/

/**
 * What a yarn project that needs no install keeps beside its lock file: the loader that maps packages to archives, and
 * the archives. yarn writes them by the project's own linker; no script is run.
 */
export async function companions(
  tree: Tree,
  project: Project,
  registries: Registries,
): Promise<CompanionRecipe | undefined> {
  const manager = parsePackageManager(project.packageManager)
  const kept = tree.paths.filter((path) => loaders.some((loader) => loader === path))
  const archives = tree.paths.filter((path) => archive.test(path))
  if (manager.name !== 'yarn' || manager.major < 2 || kept.length + archives.length === 0) return undefined
  const recipe = await install(tree, project, 'write', registries)
  const files = new Map([...recipe.files, ...(await bytesOf(tree, archives))])
  const { YARN_ENABLE_SCRIPTS: _, ...env } = recipe.env
  const { nodeLinker } = await readYarnrc(tree)
  const present = new Set((await lockOf(tree, project)).packages.map(archiveStart))
  return {
    ...recipe,
    files,
    command:
      manager.major === 2
        ? [binaryOf(manager), 'install', '--skip-builds']
        : [binaryOf(manager), 'install', '--no-immutable', '--mode=skip-build'],
    env: {
      ...env,
      YARN_NODE_LINKER: typeof nodeLinker === 'string' ? nodeLinker : 'pnp',
      YARN_CACHE_FOLDER: `/workspace/${cacheFolder}`,
    },
    kept,
    ...(archives.length === 0 ? {} : { archives: { folder: cacheFolder, paths: archives } }),
    merge: (before, after) => Buffer.from(withStateOf(before.toString('utf8'), after.toString('utf8'))),
    // Archives for other systems than the container's are not yarn's to remove here.
    isGone: (path) => ![...present].some((start) => path.startsWith(start)),
  }
}

/** Archives to start from; without them yarn fetches all packages, which large caches leave to it. */
async function bytesOf(tree: Tree, paths: readonly string[]): Promise<ReadonlyMap<string, Buffer>> {
  const files = new Map<string, Buffer>()
  let total = 0
  for (const path of paths) {
    const bytes = await tree.read(path)
    total += bytes?.length ?? 0
    if (total > maxCacheBytes) return new Map()
    if (bytes !== undefined) files.set(path, bytes)
  }
  return files
}

/** As yarn 4 writes it, and as those before it did. */
const states = [/^const RAW_RUNTIME_STATE =\n'[\s\S]*?^\}';$/m, /^function \$\$SETUP_STATE\([\s\S]*?^\}$/m]

/** The loader's own program comes with yarn and does not change with the packages; the map in it does. */
export function withStateOf(before: string, after: string): string {
  const state = states.find((pattern) => pattern.test(before))
  const map = state?.exec(after)?.[0]
  return state === undefined || map === undefined ? after : before.replace(state, () => map)
}

function archiveStart({ name, version }: { readonly name: string; readonly version: string }): string {
  return `${cacheFolder}/${name.replace('/', '-')}-npm-${version}-`
}
