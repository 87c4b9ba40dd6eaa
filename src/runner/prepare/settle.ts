import { DrydockError } from '../../contract/failure.ts'
import type { Warning } from '../../contract/verdict.ts'
import type { Image } from '../docker/sandbox.ts'
import type { Ecosystem } from '../ecosystems/ecosystem.ts'
import { makesLocks } from '../ecosystems/locks.ts'
import type { Lock, Project, Tree } from '../ecosystems/project.ts'
import { treeView } from '../ecosystems/treeView.ts'
import { writeCompanions } from '../install/companions.ts'
import { withLocks, writeLocks } from '../install/locks.ts'
import type { WrittenLock } from '../install/writtenLock.ts'
import type { PrepareContext, PrepareRequest } from './request.ts'

/** A tree, and the lock files and rules that its packages come from. */
export interface Settled {
  readonly tree: string
  readonly view: Tree
  readonly project: Project
  /** Those that are not in the tree. */
  readonly locks: readonly WrittenLock[]
  /** The committed lock files, written anew because they did not fit the manifests. */
  readonly mended: readonly WrittenLock[]
  readonly notices: readonly Warning[]
}

export async function settleLocks(
  context: PrepareContext,
  request: PrepareRequest,
  image: Image,
): Promise<Settled> {
  const { repository, ecosystem, progress } = context
  const { tree, project, locks: given = [], refreshLocks = false } = request
  const view = await treeView(repository, tree)
  const asItIs: Settled = { tree, view, project, locks: [], mended: [], notices: [] }
  if (project.versionsIn === 'manifests') return asItIs
  if (!makesLocks(project)) {
    if (!refreshLocks) return asItIs
    progress('writing the lock file again')
    const locks = await writeLocks(context, ecosystem, image, view, project)
    const now = withLocks(view, project, locks)
    const beside = await writeCompanions(context, ecosystem, image, now.tree, project)
    return { ...asItIs, notices: beside.warnings, ...(await laidOver(context, tree, locks, beside.files)) }
  }
  if (given.length > 0 && !refreshLocks)
    return { ...asItIs, locks: given, ...renamed(withLocks(view, project, given)) }
  progress('resolving the packages of a project without a lock file')
  if (given.length > 0) {
    const start = withLocks(view, project, given)
    const locks = await writeLocks(context, ecosystem, image, start.tree, start.project)
    return { ...asItIs, locks, ...renamed(withLocks(view, project, locks)) }
  }
  const { project: by, locks } = await resolved(context, image, view, project)
  const loose = by.legacyPeers === true && project.legacyPeers !== true ? loosePeers(ecosystem, project) : []
  return { ...asItIs, locks, notices: loose, ...renamed(withLocks(view, by, locks)) }
}

/**
 * What to install instead, where lock files did not fit their manifests: by looser rules for peers, if they were made so;
 * else written anew from what they say, as the owner's own install would. Throws the failure where nothing helps.
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
  if (remedy === undefined || mended.length > 0 || project.locks.length === 0) throw error
  const looser = project.legacyPeers === true ? undefined : ecosystem.looserPeers?.(project)
  if (looser !== undefined) {
    progress(`the peers do not fit: installing by the rules of ${looser.rules}`)
    return { ...settled, project: { ...project, legacyPeers: true }, notices: loosePeers(ecosystem, project) }
  }
  // By the same rules once more would end the same way.
  if (remedy === 'peers') throw error
  progress('the lock file does not fit the manifests: resolving once')
  const { project: by, locks } = await resolved(context, image, settled.view, project)
  const notices = [
    ...project.locks.map(outOfStep),
    ...(by.legacyPeers === true ? loosePeers(ecosystem, project) : []),
  ]
  const laid = await laidOver(context, settled.tree, locks)
  return { project: by, locks: [], mended: locks, notices, ...laid }
}

/** By the rules that the project names; where its peers do not fit, by looser ones. */
async function resolved(
  context: PrepareContext,
  image: Image,
  view: Tree,
  { legacyPeers: _, ...strict }: Project,
): Promise<{ readonly project: Project; readonly locks: readonly WrittenLock[] }> {
  const { ecosystem, progress } = context
  try {
    return { project: strict, locks: await writeLocks(context, ecosystem, image, view, strict) }
  } catch (error) {
    const looser = ecosystem.looserPeers?.(strict)
    if (looser === undefined || ecosystem.remedy?.(logOf(error)) !== 'peers') throw error
    progress(`the peers do not fit: resolving by the rules of ${looser.rules}`)
    const loose: Project = { ...strict, legacyPeers: true }
    return { project: loose, locks: await writeLocks(context, ecosystem, image, view, loose) }
  }
}

function logOf(error: unknown): string {
  if (!(error instanceof DrydockError) || error.failure.code !== 'install-failed') return ''
  return error.failure.detail ?? ''
}

function outOfStep({ path, writer }: Lock): Warning {
  return {
    code: `lock-out-of-step:${path}`,
    message: `${path} does not fit the manifests. ${writer} resolved it once, as an install of yours would: base and update start from that, and the patch brings the lock file as it writes it.`,
    path,
    severity: 'notice',
  }
}

function loosePeers({ looserPeers }: Ecosystem, project: Project): readonly Warning[] {
  const looser = looserPeers?.(project)
  if (looser === undefined) return []
  const path = project.locks[0]?.path ?? project.manifests[0] ?? ''
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
  locks: readonly WrittenLock[],
  beside: ReadonlyMap<string, Buffer | null> = new Map(),
): Promise<Pick<Settled, 'tree' | 'view'>> {
  const written = locks.map(({ path, bytes }) => [path, bytes] as const)
  const files = new Map<string, Buffer | null>([...written, ...beside])
  const refreshed = await repository.withFiles(tree, files)
  return { tree: refreshed, view: await treeView(repository, refreshed) }
}

function renamed(locked: {
  readonly tree: Tree
  readonly project: Project
}): Pick<Settled, 'view' | 'project'> {
  return { view: locked.tree, project: locked.project }
}
