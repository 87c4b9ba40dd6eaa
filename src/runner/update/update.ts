import { DrydockError } from '../../contract/failure.ts'
import { failures } from '../../contract/failures.ts'
import type { Patch } from '../../contract/patch.ts'
import type { Warning } from '../../contract/verdict.ts'
import type { Image } from '../docker/sandbox.ts'
import { type Arriving, expectArrival, stayedBehind } from '../ecosystems/arrival.ts'
import type { Ecosystem, Project, Tree, UpdatePlan } from '../ecosystems/ecosystem.ts'
import { treeView } from '../ecosystems/treeView.ts'
import type { BareRepository } from '../git/repository.ts'
import { adviceFor } from '../install/advice.ts'
import { type Companions, writeCompanions } from '../install/companions.ts'
import type { InstallContext } from '../install/install.ts'
import { withFiles, withLock, writeLock } from '../install/lock.ts'
import type { WrittenLock } from '../install/writtenLock.ts'
import type { Progress } from '../stage.ts'

export interface UpdateContext extends InstallContext {
  readonly repository: BareRepository
  readonly ecosystem: Ecosystem
  readonly progress: Progress
}

export interface UpdateRequest {
  readonly baseCommit: string
  readonly tree: string
  readonly project: Project
  readonly package: string
  /** A version, range or dist-tag. */
  readonly requested: string
  readonly manifest?: string
  /** Made for a project that has none, or for one whose own does not fit its manifests; the update starts from it. */
  readonly lock?: WrittenLock
}

export interface Update {
  readonly plan: UpdatePlan
  readonly patch: Patch
  /** The tree with the patch applied. */
  readonly tree: string
  /** For a project without a lock file: the one that goes with the update; never part of the patch. */
  readonly lock?: WrittenLock
  readonly warnings: readonly Warning[]
  /** Those among them that no look at the patch alone would give. */
  readonly said: readonly Warning[]
}

const maxAttempts = 4

/** Edits the manifests and lets the package manager write the lock file; undefined: already up to date. */
export async function update(context: UpdateContext, request: UpdateRequest): Promise<Update | undefined> {
  const { repository, ecosystem, signal, progress } = context
  const base = await treeView(repository, request.tree)
  const { tree, project } = withLock(base, request.project, request.lock)
  const image = await context.sandbox.image(project.image, (message) => progress(message), signal)
  const also = new Map<string, string>()
  for (let attempt = 1; ; attempt++) {
    const plan = await ecosystem.planUpdate(tree, project, { ...request, also }, signal)
    if (plan === undefined) return undefined
    if (ecosystem.lockless === true) {
      const edited = withFiles(tree, plan.files)
      expectArrival(await ecosystem.resolved(edited, project, request.package), arriving(request, plan))
      return await toUpdate(context, request, base, plan)
    }
    try {
      progress(`writing the lock file with ${project.packageManager}`)
      const written = await write(context, image, tree, project, plan, request)
      const now = withLock(withFiles(tree, written.manifests), project, written.lock)
      const beside = await writeCompanions(context, ecosystem, image, now.tree, now.project)
      return await toUpdate(context, request, tree, plan, { ...written, beside })
    } catch (error) {
      const more = conflicts(context.ecosystem, error, plan)
      if (more.size === 0 || attempt === maxAttempts) throw asUpdateFailure(error, ecosystem, request)
      for (const [name, reason] of more) also.set(name, reason)
    }
  }
}

interface Written {
  readonly lock: WrittenLock
  readonly manifests: ReadonlyMap<string, Buffer>
}

interface Complete extends Written {
  /** What the repository keeps beside its lock file. */
  readonly beside: Companions
}

/**
 * One pass where the ranges lead to the planned versions, else one with exact versions before it. Where
 * even that does not hold them, the manifests keep the exact versions. Throws `version-pinned` where those do not lead
 * there either.
 */
async function write(
  context: UpdateContext,
  image: Image,
  tree: Tree,
  project: Project,
  plan: UpdatePlan,
  request: UpdateRequest,
): Promise<Written> {
  const { ecosystem } = context
  const edited = withFiles(tree, plan.files)
  const lock = await writeLock(context, ecosystem, image, edited, project)
  if (await isThere(context, edited, project, lock, plan, request)) return { lock, manifests: plan.files }
  const exact = withFiles(tree, plan.pinned)
  const pinned = await writeLock(context, ecosystem, image, exact, project)
  await expectThere(context, exact, project, pinned, plan, request)
  const from = withLock(edited, project, { ...pinned, bytes: plan.adaptLock(pinned.path, pinned.bytes) })
  const second = await writeLock(context, ecosystem, image, from.tree, from.project)
  const holds = await isThere(context, edited, project, second, plan, request)
  return holds ? { lock: second, manifests: plan.files } : { lock: pinned, manifests: plan.pinned }
}

/** Every package that should move has the planned version in the lock file, wherever it is declared. */
async function isThere(
  context: UpdateContext,
  edited: Tree,
  project: Project,
  lock: WrittenLock,
  plan: UpdatePlan,
  request: UpdateRequest,
): Promise<boolean> {
  const now = withLock(edited, project, lock)
  for (const [name, to] of plan.versions) {
    const places = await context.ecosystem.resolved(now.tree, now.project, name)
    const asked = name === request.package
    // Of one that moves along the alias is not known: what it means is left open.
    const means = places.find((place) => place.elsewhere === undefined)?.means
    const moved = { to, ...(means === undefined ? {} : { means }) }
    const wanted = asked
      ? arriving(request, plan)
      : { ...arriving(request, plan), package: name, plan: moved }
    if (stayedBehind(places, wanted).length > 0) return false
  }
  return true
}

async function expectThere(
  context: UpdateContext,
  edited: Tree,
  project: Project,
  lock: WrittenLock,
  plan: UpdatePlan,
  request: UpdateRequest,
): Promise<void> {
  const now = withLock(edited, project, lock)
  const places = await context.ecosystem.resolved(now.tree, now.project, request.package)
  expectArrival(places, arriving(request, plan))
}

function arriving({ package: name, manifest }: UpdateRequest, plan: UpdatePlan): Arriving {
  return { package: name, plan, ...(manifest === undefined ? {} : { manifest }) }
}

async function toUpdate(
  context: UpdateContext,
  request: UpdateRequest,
  base: Tree,
  plan: UpdatePlan,
  written?: Complete,
): Promise<Update> {
  const { repository, ecosystem } = context
  const lock = written?.lock
  const committed = request.project.lockfile !== undefined
  const files = new Map<string, Buffer | null>(written?.manifests ?? plan.files)
  if (committed && lock !== undefined) files.set(lock.path, lock.bytes)
  for (const [path, bytes] of written?.beside.files ?? []) files.set(path, bytes)
  const tree = await repository.withFiles(request.tree, files)
  const patch = await repository.diff(request.baseCommit, request.tree, tree)
  const warnings = await ecosystem.explainLock(base, await treeView(repository, tree), patch)
  const said = [...(plan.warnings ?? []), ...(written?.beside.warnings ?? [])]
  return {
    plan,
    patch,
    tree,
    said,
    warnings: [...said, ...warnings],
    ...(committed || lock === undefined ? {} : { lock }),
  }
}

function conflicts(ecosystem: Ecosystem, error: unknown, plan: UpdatePlan): ReadonlyMap<string, string> {
  const log = error instanceof DrydockError ? error.failure.detail : undefined
  const found = log === undefined ? undefined : ecosystem.conflicts?.(log)
  return new Map([...(found ?? [])].filter(([name]) => !plan.versions.has(name)))
}

function asUpdateFailure(error: unknown, ecosystem: Ecosystem, request: UpdateRequest): unknown {
  if (!(error instanceof DrydockError) || error.failure.code !== 'install-failed') return error
  const { message, detail, next } = error.failure
  return failures.updateFailed(
    `${request.package} ${request.requested}`,
    message,
    detail ?? '',
    adviceFor(ecosystem.words, detail ?? '') ?? next,
  )
}
