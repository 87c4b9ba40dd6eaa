import { z } from 'zod'
import { failures } from '../../../contract/failures.ts'
import { tryJson } from '../../../contract/json.ts'
import { RepositoryConfig } from '../../../contract/settings.ts'
import type { Project, Tree } from '../ecosystem.ts'
import { detectPackageManager } from './managers.ts'
import { readManifests } from './manifest.ts'
import { nodeMajor } from './node.ts'

/** An npm, pnpm or yarn project at the tree's root; undefined where there is no `package.json`. */
export async function detect(tree: Tree): Promise<Project | undefined> {
  const manifests = await readManifests(tree)
  const root = manifests[0]?.manifest
  if (root === undefined) return undefined
  const config = await readConfig(tree)
  const major = await nodeMajor(tree, root, config.node)
  const manager = await detectPackageManager(tree, root, major)
  return {
    ecosystem: 'npm',
    packageManager: `${manager.name}@${manager.major}`,
    manifests: manifests.map(({ path }) => path),
    image: { kind: 'node', major },
    config,
    ...(manager.lockfile === undefined ? {} : { lockfile: manager.lockfile }),
  }
}

async function readConfig(tree: Tree): Promise<RepositoryConfig> {
  const bytes = await tree.read('.drydock.json')
  if (bytes === undefined) return {}
  const parsed = RepositoryConfig.safeParse(tryJson(bytes))
  if (!parsed.success) throw failures.badConfig('.drydock.json', z.prettifyError(parsed.error))
  return parsed.data
}
