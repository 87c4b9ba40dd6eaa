import { DrydockError } from '../../contract/failure.ts'
import type { Warning } from '../../contract/verdict.ts'
import type { Image } from '../docker/sandbox.ts'
import type { Ecosystem, Project, Tree } from '../ecosystems/ecosystem.ts'
import { treeView } from '../ecosystems/treeView.ts'
import { writeCompanions } from '../install/companions.ts'
import { withLock, writeLock } from '../install/lock.ts'
import type { WrittenLock } from '../install/writtenLock.ts'
import type { PrepareContext, PrepareRequest } from './request.ts'

/** A tree, and the lock file and rules that its packages come from. */
export interface Settled {
  readonly tree: string
  readonly view: Tree
  readonly project: Project
  /** Undefined where the lock file is in the tree. */
  readonly lock?: WrittenLock
  /** The committed lock file, written anew because it did not fit the manifests. */
  readonly mended?: WrittenLock
  readonly notices: readonly Warning[]
}

export async function settleLock(
  context: PrepareContext,
  request: PrepareRequest,
  image: Image,
): Promise<Settled> {
  const { repository, ecosystem, progress } = context
  const { tree, project } = request
  const view = await treeView(repository, tree)
  const notices: readonly Warning[] = []
  if (ecosystem.lockless === true) return { tree, view, project, notices }
  const committed = project.lockfile !== undefined
  if (committed && request.refreshLock !== true) return { tree, view, project, notices }
  if (committed) {
    progress('writing the lock file again')
    const lock = await writeLock(context, ecosystem, image, view, project)
    const now = withLock(view, project, lock)
    const beside = await writeCompanions(context, ecosystem, image, now.tree, project)
    return { project, notices: beside.warnings, ...(await laidOver(context, tree, lock, beside.files)) }
  }
  if (request.lock !== undefined && request.refreshLock !== true) {
    return { tree, lock: request.lock, notices, ...renamed(withLock(view, project, request.lock)) }
  }
  progress('resolving the packages of a project without a lock file')
  if (request.lock !== undefined) {
    const start = withLock(view, project, request.lock)
    const lock = await writeLock(context, ecosystem, image, start.tree, start.project)
    return { tree, lock, notices, ...renamed(withLock(view, project, lock)) }
  }
  const { project: by, lock } = await resolved(context, image, view, project)
  const loose = by.legacyPeers === true && project.legacyPeers !== true ? loosePeers(ecosystem, project) : []
  return { tree, lock, notices: loose, ...renamed(withLock(view, by, lock)) }
}

/**
 * What to install instead, where the lock file did not fit its manifests: by looser rules for peers, if it was made so;
 * else written anew from what it says, as the owner's own install would. Throws the failure where nothing helps.
 */
export async function remedied(
  context: PrepareContext,
  image: Image,
  settled: Settled,
  error: unknown,
): Promise<Settled> {
  const { ecosystem, progress } = context
  const remedy = ecosystem.remedy?.(logOf(error))
  const { project, mended } = settled
  if (remedy === undefined || mended !== undefined || project.lockfile === undefined) throw error
  const looser = project.legacyPeers === true ? undefined : ecosystem.looserPeers?.(project)
  if (looser !== undefined) {
    progress(`the peers do not fit: installing by the rules of ${looser.rules}`)
    return { ...settled, project: { ...project, legacyPeers: true }, notices: loosePeers(ecosystem, project) }
  }
  // By the same rules once more would end the same way.
  if (remedy === 'peers') throw error
  progress('the lock file does not fit the manifests: resolving once')
  const { project: by, lock } = await resolved(context, image, settled.view, project)
  const notices = [outOfStep(project), ...(by.legacyPeers === true ? loosePeers(ecosystem, project) : [])]
  return { project: by, mended: lock, notices, ...(await laidOver(context, settled.tree, lock)) }
}

/** By the rules that the project names; where its peers do not fit, by looser ones. */
async function resolved(
  context: PrepareContext,
  image: Image,
  view: Tree,
  { legacyPeers: _, ...strict }: Project,
): Promise<{ readonly project: Project; readonly lock: WrittenLock }> {
  const { ecosystem, progress } = context
  try {
    return { project: strict, lock: await writeLock(context, ecosystem, image, view, strict) }
  } catch (error) {
    const looser = ecosystem.looserPeers?.(strict)
    if (looser === undefined || ecosystem.remedy?.(logOf(error)) !== 'peers') throw error
    progress(`the peers do not fit: resolving by the rules of ${looser.rules}`)
    const loose: Project = { ...strict, legacyPeers: true }
    return { project: loose, lock: await writeLock(context, ecosystem, image, view, loose) }
  }
}

function logOf(error: unknown): string {
  if (!(error instanceof DrydockError) || error.failure.code !== 'install-failed') return ''
  return error.failure.detail ?? ''
}

function outOfStep({ packageManager, lockfile = '' }: Project): Warning {
  return {
    code: `lock-out-of-step:${lockfile}`,
    message: `${lockfile} does not fit the manifests. ${packageManager} resolved it once, as an install of yours would: base and update start from that, and the patch brings the lock file as it writes it.`,
    path: lockfile,
    severity: 'notice',
  }
}

function loosePeers({ looserPeers }: Ecosystem, project: Project): readonly Warning[] {
  const looser = looserPeers?.(project)
  if (looser === undefined) return []
  const path = project.lockfile ?? project.manifests[0] ?? ''
  return [
    {
      code: `legacy-peers:${path}`,
      message: `Peer dependencies of this project do not fit each other: it was installed by ${looser.rules}'s rules for them (${looser.setting}).`,
      path,
      severity: 'notice',
    },
  ]
}

async function laidOver(
  { repository }: PrepareContext,
  tree: string,
  lock: WrittenLock,
  beside: ReadonlyMap<string, Buffer | null> = new Map(),
): Promise<Pick<Settled, 'tree' | 'view'>> {
  const files = new Map<string, Buffer | null>([[lock.path, lock.bytes], ...beside])
  const refreshed = await repository.withFiles(tree, files)
  return { tree: refreshed, view: await treeView(repository, refreshed) }
}

function renamed(locked: {
  readonly tree: Tree
  readonly project: Project
}): Pick<Settled, 'view' | 'project'> {
  return { view: locked.tree, project: locked.project }
}
