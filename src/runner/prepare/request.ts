import type { SealedWorkspace } from '../docker/sandbox.ts'
import type { Ecosystem, Project } from '../ecosystems/ecosystem.ts'
import type { BareRepository } from '../git/repository.ts'
import type { InstallContext } from '../install/install.ts'
import type { WrittenLock } from '../install/writtenLock.ts'
import type { Progress } from '../stage.ts'

export interface PrepareContext extends InstallContext {
  readonly repository: BareRepository
  readonly ecosystem: Ecosystem
  readonly progress: Progress
}

export interface PrepareRequest {
  readonly tree: string
  readonly project: Project
  /** Lock file of a project that has none in its tree; made where undefined. */
  readonly lock?: WrittenLock
  /** The manifests were edited by hand: the package manager writes the lock file again first. */
  readonly refreshLock?: boolean
  /** An earlier workspace of this repository, whose packages an install may start from. */
  readonly seed?: SealedWorkspace
}
