import type { SealedWorkspace } from '../docker/sandbox.ts'
import type { Ecosystem } from '../ecosystems/ecosystem.ts'
import type { Project } from '../ecosystems/project.ts'
import type { BareRepository } from '../git/repository.ts'
import type { InstallContext } from '../install/runInstall.ts'
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
  /** Lock files of a project that has none in its tree; made where there are none. */
  readonly locks?: readonly WrittenLock[]
  /** The manifests were edited by hand: the package manager writes the lock files again first. */
  readonly refreshLocks?: boolean
  /** An earlier workspace of this repository, whose packages an install may start from. */
  readonly seed?: SealedWorkspace
}
