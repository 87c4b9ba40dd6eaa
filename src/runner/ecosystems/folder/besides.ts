import { posix } from 'node:path'
import { factsOf, ecosystems as known } from '../../../contract/ecosystems/index.ts'
import { DrydockError } from '../../../contract/failure.ts'
import type { Warning } from '../../../contract/verdict.ts'
import type { Ecosystem } from '../ecosystem.ts'
import type { Tree } from '../project.ts'
import { at, type Located } from './locate.ts'

/** Projects that stand beside another one, and what a person must know of those that cannot be read. */
export interface Besides {
  readonly found: readonly Located[]
  readonly unread: readonly Warning[]
}

/**
 * Projects of other ecosystems whose manifest lies in the same folder as a project's own: one repository that is built
 * by two tools. Commands that the repository's configuration names are the first one's alone.
 */
export async function besidesOf(
  ecosystems: readonly Ecosystem[],
  tree: Tree,
  { ecosystem, project }: Located,
): Promise<Besides> {
  const dir = posix.dirname(project.manifests[0] ?? '')
  const folder = dir === '.' ? '' : dir
  const found: Located[] = []
  const unread: Warning[] = []
  for (const { id, manifest: name } of known) {
    const manifest = posix.join(folder, name)
    if (id === ecosystem.id || !tree.paths.includes(manifest)) continue
    const other = ecosystems.find((one) => one.id === id)
    if (other === undefined) {
      unread.push(notMeasured(id, manifest, 'the configuration of its registries cannot be used.'))
      continue
    }
    try {
      const located = await at(other, tree, folder)
      if (located !== undefined) found.push(withoutCommands(located))
      else unread.push(notMeasured(id, manifest, 'it was not recognised as a project.'))
    } catch (error) {
      if (!(error instanceof DrydockError)) throw error
      unread.push(notMeasured(id, manifest, error.failure.message))
    }
  }
  return { found, unread }
}

function withoutCommands({ project, ...rest }: Located): Located {
  const { commands: _, ...config } = project.config
  return { ...rest, project: { ...project, config } }
}

/** That nothing is known of what a change does to a project beside the one that was asked for. */
export function notMeasured(id: Ecosystem['id'], manifest: string, why: string): Warning {
  const message = `The project of ${manifest} (${factsOf(id).name}) stands beside the one that changes, and nothing of it was checked: ${why}`
  return { code: `not-checked:${manifest}`, message, path: manifest, severity: 'notice' }
}
