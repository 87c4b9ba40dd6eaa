import type { SealedWorkspace } from '../docker/sandbox.ts'
import { serveRelay } from '../docker/serveRelay.ts'
import type { Project } from '../ecosystems/project.ts'
import type { InstallContext } from '../install/runInstall.ts'
import type { WrittenLock } from '../install/writtenLock.ts'
import { type Prepared, prepare } from '../prepare/prepare.ts'
import type { PrepareContext } from '../prepare/request.ts'
import type { Run } from '../run.ts'
import type { Progress } from '../stage.ts'
import { inStage } from './inStage.ts'
import type { Packaged } from './packageBase.ts'

/** What an install needs of the run. */
export function installContext(run: Run, { settings }: Packaged): InstallContext {
  return {
    sandbox: run.sandbox,
    serve: serveRelay,
    createBroker: run.createBroker,
    records: run.records,
    repositoryId: run.task.repository.root,
    registryDigest: run.registryDigest,
    timeoutMs: settings.installTimeoutMs,
    signal: run.signal,
  }
}

/** The repository as it is. */
export function baseWish({ snapshot, project }: Packaged): PrepareWish {
  return { role: 'base', tree: snapshot.tree, project }
}

export interface PrepareWish {
  readonly role: 'base' | 'update' | 'repair' | 'dropped'
  readonly tree: string
  readonly project: Project
  readonly locks?: readonly WrittenLock[]
  readonly refreshLocks?: boolean
  readonly attempt?: number
  /** An earlier workspace of this session, whose packages the install may start from. */
  readonly seed?: SealedWorkspace
  /** A check found packages missing: the install brings them. */
  readonly lacked?: true
}

export function prepareTree(run: Run, base: Packaged, wish: PrepareWish): Promise<Prepared> {
  return inStage(
    run,
    { stage: 'prepare', role: wish.role, attempt: wish.attempt },
    (progress) => prepareWith(run, base, wish, progress),
    (value) => ({ cached: value.cached, detail: installed(value, wish.project, wish) }),
  )
}

/** The same in a stage that is open already. */
export function prepareWith(
  run: Run,
  base: Packaged,
  { tree, project, locks, refreshLocks, seed }: PrepareWish,
  progress: Progress,
): Promise<Prepared> {
  return prepare(prepareContext(run, base, progress), {
    tree,
    project,
    ...(locks === undefined ? {} : { locks }),
    ...(refreshLocks === undefined ? {} : { refreshLocks }),
    ...(seed === undefined ? {} : { seed }),
  })
}

export function prepareContext(run: Run, base: Packaged, progress: Progress): PrepareContext {
  const { repository } = run
  return { ...installContext(run, base), repository, ecosystem: base.ecosystem, progress }
}

/** How many packages, on which tool chain, whether they were there, and why once more. */
export function installed(
  { packages, taken }: Prepared,
  { toolchain }: Project,
  { lacked }: Pick<PrepareWish, 'lacked'> = {},
): string {
  const parts = [
    `${packages} package${packages === 1 ? '' : 's'}`,
    ...(toolchain === undefined ? [] : [toolchain]),
    ...(taken === undefined ? [] : ['as installed for another commit']),
    ...(lacked === true ? ['with what a check found missing'] : []),
  ]
  return parts.join(', ')
}
