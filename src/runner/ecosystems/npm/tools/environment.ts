import { nodeNeed } from '../../../toolchains/node/need.ts'
import type { Project, Tree } from '../../project.ts'
import { rcVariables } from './rcVariables.ts'
import { pathFor } from './versions.ts'

/** What a project's own scripts find set, in checks and while its packages are being installed. */
export async function scriptEnvironment(
  tree: Tree,
  { image }: Pick<Project, 'image'>,
): Promise<Readonly<Record<string, string>>> {
  const node = nodeNeed(image)
  const path = node === undefined ? undefined : pathFor(node.major)
  return { ...(await rcVariables(tree)), ...(path === undefined ? {} : { PATH: path }) }
}
