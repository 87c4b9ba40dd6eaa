import type { PatchSource } from '../../contract/events.ts'
import { failures } from '../../contract/failures.ts'
import type { Report } from '../../contract/report.ts'
import { narrow, type Settings } from '../../contract/settings.ts'
import type { StageKey } from '../../contract/stageTitle.ts'
import type { DependencyUpdate, Task } from '../../contract/task.ts'
import type { Warning } from '../../contract/verdict.ts'
import type { SealedWorkspace } from '../docker/sandbox.ts'
import { serveRelay } from '../docker/serveRelay.ts'
import type { Ecosystem, Project, Tree, UpdatePlan } from '../ecosystems/ecosystem.ts'
import { besidesOf } from '../ecosystems/folder/besides.ts'
import { locate, noProject, type Pointer } from '../ecosystems/folder/locate.ts'
import { makesLocks } from '../ecosystems/locks.ts'
import { treeView } from '../ecosystems/treeView.ts'
import type { Snapshot } from '../git/repository.ts'
import type { InstallContext } from '../install/runInstall.ts'
import type { WrittenLock } from '../install/writtenLock.ts'
import { packageRepository } from '../package/package.ts'
import { patchWarnings } from '../patch/warnings.ts'
import { type Prepared, prepare } from '../prepare/prepare.ts'
import type { Run } from '../run.ts'
import { type Progress, type StageDetail, stage } from '../stage.ts'
import { type Update, update } from '../update/update.ts'

/** The packaged repository and what its ecosystem makes of it. */
export interface Packaged {
  readonly snapshot: Snapshot
  readonly view: Tree
  readonly ecosystem: Ecosystem
  readonly project: Project
  /** The manifest that the task is about; undefined: any that declares the package. */
  readonly manifest?: string
  /** The user's settings, narrowed by the repository's own. */
  readonly settings: Settings
  /** Workspaces that were prepared again with packages found missing, by the key of the first. */
  readonly refilled: Map<string, Prepared>
  /** When the base commit was made, UTC. */
  readonly committed: string
  /** What is known of the base's own runs, as it comes to be known. */
  readonly known: BaseRuns
  /** Projects of other ecosystems in the same place: what a change does to them is measured as well. */
  readonly besides: readonly Packaged[]
  /** Where it is on other tools than the repository would lead to: what a person must know of that. */
  readonly notices: readonly Warning[]
}

/** What is known of the repository as it is: workspace, first run, its second one, what they come to, what was told. */
export interface BaseRuns {
  prepared?: Prepared
  report?: Report
  result?: Report
  again?: Promise<Report>
  /** Of a project beside another one, which stand in that one's report: why it cannot be measured, its tests' clock. */
  unmeasured?: string
  clock?: string
  /** Files of the tests that its own checks named. */
  readonly files: Set<string>
  /** The packages that the log was last told of, as JSON. */
  moves?: string
}

/** Runs one stage with the run's log and signal. */
export function inStage<T>(
  run: Run,
  key: StageKey,
  work: (progress: Progress) => Promise<T>,
  describe?: (value: T) => StageDetail,
): Promise<T> {
  return stage({ emit: run.log.emit, signal: run.signal }, key, work, describe)
}

export async function packaged(run: Run): Promise<Packaged> {
  const { repository: where, settings } = run.task
  const snapshot = await inStage(
    run,
    { stage: 'package' },
    () =>
      packageRepository(
        {
          root: where.root,
          commit: where.baseCommit,
          includeUncommitted: where.includeUncommitted,
          keepSecretFiles: settings.keepSecretFiles,
        },
        { repository: run.repository, emit: run.log.emit, env: run.env },
      ),
    ({ entries }) => ({ detail: `${entries.length} files` }),
  )
  const view = await treeView(run.repository, snapshot.tree)
  for (const ecosystem of run.ecosystems) {
    if (run.task.kind === 'dependency-update' && run.task.ecosystem !== ecosystem.id) continue
    const located = await locate(ecosystem, view, pointerOf(run.task))
    if (located === undefined) continue
    const committed = await run.repository.committed(where.baseCommit)
    const beside = await besidesOf(run.ecosystems, view, located)
    const common = { snapshot, view, committed, settings: narrow(settings, located.project.config) }
    return {
      ...{ ...common, ...located, refilled: new Map<string, Prepared>(), known: { files: new Set() } },
      besides: beside.found.map((one) => ({
        ...{ ...common, ...one, refilled: new Map<string, Prepared>(), known: { files: new Set() } },
        ...{ besides: [], notices: [] },
      })),
      notices: beside.unread,
    }
  }
  const asked = run.task.kind === 'dependency-update' ? run.task.ecosystem : undefined
  throw noProject(where.root, view, asked)
}

function pointerOf(task: Task): Pointer {
  const { folder } = task.repository
  const manifest = task.kind === 'dependency-update' ? task.manifest : undefined
  return { ...(folder === undefined ? {} : { folder }), ...(manifest === undefined ? {} : { manifest }) }
}

function installContext(run: Run, { settings }: Packaged): InstallContext {
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

/** Made on the host, so that a package or version that there is not is refused before anything is installed. Undefined: up to date. */
export async function planned(
  run: Run,
  task: DependencyUpdate,
  base: Packaged,
): Promise<UpdatePlan | undefined> {
  const wish = {
    package: task.package,
    requested: task.requested,
    ...(base.manifest === undefined ? {} : { manifest: base.manifest }),
  }
  return await base.ecosystem.planUpdate(base.view, base.project, wish, run.signal)
}

export async function updated(
  run: Run,
  task: DependencyUpdate,
  base: Packaged,
  place: Promise<Prepared>,
): Promise<Update | undefined> {
  const { repository, log } = run
  const made = await inStage(
    run,
    { stage: 'update' },
    (progress) =>
      startingFrom(base, place, (from) => {
        return update(
          { ...installContext(run, base), repository, ecosystem: base.ecosystem, progress },
          {
            baseCommit: task.repository.baseCommit,
            tree: base.snapshot.tree,
            project: withPeersOf(base.project, from),
            package: task.package,
            requested: task.requested,
            ...(base.manifest === undefined ? {} : { manifest: base.manifest }),
            locks: [...(from?.mended ?? []), ...(from?.locks ?? [])],
          },
        )
      }),
    (value) =>
      value === undefined
        ? { detail: 'already up to date' }
        : { detail: `${value.plan.from} → ${value.plan.to}` },
  )
  if (made === undefined) return undefined
  const { plan, patch, warnings } = made
  log.emit({
    type: 'update.planned',
    manifests: [...plan.files.keys()],
    from: plan.from,
    to: plan.to,
    moves: [...plan.moves],
  })
  await recordPatch(run, 'update', patch)
  for (const warning of warnings) log.emit({ type: 'warning.raised', warning })
  return made
}

/**
 * A project without lock files is resolved once, by the base's install, and the update starts from that. One that has
 * some is updated beside it; again, where it turns out that they or its peers did not fit.
 */
async function startingFrom<T>(
  base: Packaged,
  place: Promise<Prepared>,
  make: (from: Prepared | undefined) => Promise<T>,
): Promise<T> {
  if (base.project.versionsIn === 'manifests') return make(undefined)
  if (makesLocks(base.project)) return make(await place)
  const [early, from] = await Promise.allSettled([make(undefined), place])
  if (from.status === 'rejected') throw from.reason
  if (from.value.mended.length > 0 || from.value.project.legacyPeers === true) return make(from.value)
  if (early.status === 'rejected') throw early.reason
  return early.value
}

/** The rules for peers that the base took; everything is installed by them. */
export function withPeersOf(project: Project, from: Prepared | undefined): Project {
  return from?.project.legacyPeers === true ? { ...project, legacyPeers: true } : project
}

/** Stores the patch's text and tells the log of it. */
export async function recordPatch(run: Run, source: PatchSource, patch: Update['patch']): Promise<void> {
  const { text, ...reference } = patch
  const kept = await run.log.artifacts.put(text)
  if (kept !== patch.digest) throw failures.patchRefused('it contains a secret of this session')
  run.log.emit({ type: 'patch.made', source, patch: reference })
}

/** Warnings about what the patch touches beyond the request. */
export function pathWarnings(
  base: Packaged,
  patch: Update['patch'],
  asked: readonly string[],
): ReturnType<typeof patchWarnings> {
  return patchWarnings(patch, asked, base.project.config.protectedPaths)
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
}

export function prepared(run: Run, base: Packaged, wish: PrepareWish): Promise<Prepared> {
  return inStage(
    run,
    { stage: 'prepare', role: wish.role, attempt: wish.attempt },
    (progress) => preparedWith(run, base, wish, progress),
    (value) => ({ cached: value.cached, detail: installed(value, wish.project) }),
  )
}

/** The same in a stage that is open already. */
export function preparedWith(
  run: Run,
  base: Packaged,
  { tree, project, locks, refreshLocks, seed }: PrepareWish,
  progress: Progress,
): Promise<Prepared> {
  return prepare(
    {
      ...installContext(run, base),
      repository: run.repository,
      ecosystem: base.ecosystem,
      progress,
    },
    {
      tree,
      project,
      ...(locks === undefined ? {} : { locks }),
      ...(refreshLocks === undefined ? {} : { refreshLocks }),
      ...(seed === undefined ? {} : { seed }),
    },
  )
}

/** How many packages, and on which tool chain. */
export function installed({ packages }: Prepared, { toolchain }: Project): string {
  const count = `${packages} package${packages === 1 ? '' : 's'}`
  return toolchain === undefined ? count : `${count}, ${toolchain}`
}
