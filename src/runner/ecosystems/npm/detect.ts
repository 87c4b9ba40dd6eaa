import type { Project, Tree } from '../project.ts'
import { readRepositoryConfig } from '../repositoryConfig.ts'
import { binaryOf } from './commands.ts'
import { detectPackageManager, isOlder, type PackageManager } from './managers.ts'
import { readManifests } from './manifest.ts'
import { chooseNode, npmOfChoice } from './node.ts'

/**
 * An npm, pnpm or yarn project at the tree's root; undefined where there is no `package.json`. `asked` is a range of
 * Node that an update asks for.
 */
export async function detect(tree: Tree, asked?: string): Promise<Project | undefined> {
  const manifests = await readManifests(tree)
  const root = manifests[0]?.manifest
  if (root === undefined) return undefined
  const config = await readRepositoryConfig(tree)
  const node = await chooseNode(tree, root, config.node, asked)
  const { major, npm } = node
  const manager = await detectPackageManager(tree, root, npmOfChoice(node))
  const packageManager = `${manager.name}@${manager.major}`
  return {
    ecosystem: 'npm',
    packageManager,
    manifests: manifests.map(({ path }) => path),
    versionsIn: 'locks',
    locks: manager.lockfile === undefined ? [] : [{ path: manager.lockfile, writer: packageManager }],
    image: {
      ...{ kind: 'node', major },
      ...(npm === undefined || manager.name !== 'npm' ? {} : { npm }),
      ...olderTool(manager),
    },
    toolchain: `Node ${major} (${node.source})`,
    config,
  }
}

function olderTool(manager: PackageManager): { readonly tool?: string } {
  return isOlder(manager) ? { tool: binaryOf(manager) } : {}
}
