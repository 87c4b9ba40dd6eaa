import { Settings } from '../../src/contract/settings.ts'
import type { DependencyUpdate } from '../../src/contract/task.ts'

/** A task of the id given, on a repository that nothing looks at. */
export function sessionTask(id: string, changes: Partial<DependencyUpdate> = {}): DependencyUpdate {
  return {
    v: 1,
    id,
    kind: 'dependency-update',
    repository: { root: '/nowhere', baseCommit: 'a'.repeat(40), includeUncommitted: false },
    settings: Settings.parse({}),
    ecosystem: 'npm',
    package: 'left-pad',
    requested: 'latest',
    ...changes,
  }
}
