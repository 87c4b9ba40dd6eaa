import { DrydockError } from '../../contract/failure.ts'
import { failures } from '../../contract/failures.ts'
import type { Patch } from '../../contract/patch.ts'
import type { Warning } from '../../contract/verdict.ts'
import type { Image } from '../docker/sandbox.ts'
import { type Arriving, expectArrival, stayedBehind } from '../ecosystems/arrival.ts'
import type { Ecosystem } from '../ecosystems/ecosystem.ts'
import type { UpdatePlan } from '../ecosystems/plan.ts'
import type { Project, Tree } from '../ecosystems/project.ts'
import { treeView } from '../ecosystems/treeView.ts'
import type { BareRepository } from '../git/repository.ts'
import { adviceFor } from '../install/advice.ts'
import { type Companions, writeCompanions } from '../install/companions.ts'
import { withFiles, withLocks, writeLocks } from '../install/locks.ts'
import type { InstallContext } from '../install/runInstall.ts'
import type { WrittenLock } from '../install/writtenLock.ts'
import type { Progress } from '../stage.ts'
import { type Resolver, resolve, type Written } from './resolution.ts'

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
  /** Made for a project that has none, or for one whose own do not fit its manifests; the update starts from them. */
  readonly locks?: readonly WrittenLock[]
}

export interface Update {
  readonly plan: UpdatePlan
  readonly patch: Patch
  /** The tree with the patch applied. */
  readonly tree: string
  /** For a project without lock files in its tree: those that go with the update; never part of the patch. */
  readonly locks: readonly WrittenLock[]
  readonly warnings: readonly Warning[]
  /** Those among them that no look at the patch alone would give. */
  readonly said: readonly Warning[]
}

const maxAttempts = 4
const nothingBeside: Companions = { files: new Map(), warnings: [] }

/** Edits the manifests and lets the package manager write the lock files; undefined: already up to date. */
export async function update(context: UpdateContext, request: UpdateRequest): Promise<Update | undefined> {
  const { repository, ecosystem, signal, progress } = context
  const { tree, project } = withLocks(
    await treeView(repository, request.tree),
    request.project,
    request.locks ?? [],
  )
  // Manifests that decide by themselves need none.
  const image = (): Promise<Image> =>
    context.sandbox.image(project.image, (message) => progress(message), signal)
  const also = new Map<string, string>()
  for (let attempt = 1; ; attempt++) {
    const plan = await ecosystem.planUpdate(tree, project, { ...request, also }, signal)
    if (plan === undefined) return undefined
    try {
      return await toUpdate(
        context,
        request,
        plan,
        await write(context, image, { tree, project }, plan, request),
      )
    } catch (error) {
      const more = conflicts(context.ecosystem, error, plan)
      if (more.size === 0 || attempt === maxAttempts) throw asUpdateFailure(error, ecosystem, request)
      for (const [name, reason] of more) also.set(name, reason)
    }
  }
}

interface Complete extends Written {
  /** The tree that the plan was made for. */
  readonly from: Tree
  /** What the repository keeps beside its lock files. */
  readonly beside: Companions
}

/** A tree and the project in it. */
interface ProjectTree {
  readonly tree: Tree
  readonly project: Project
}

/** By the plan's own passes. Throws `version-pinned` where those do not lead to the planned versions. */
async function write(
  context: UpdateContext,
  image: () => Promise<Image>,
  { tree, project }: ProjectTree,
  plan: UpdatePlan,
  request: UpdateRequest,
): Promise<Complete> {
  const { ecosystem, progress } = context
  const edited = ({ manifests, locks }: Written): ProjectTree =>
    withLocks(withFiles(tree, manifests), project, locks)
  const resolver: Resolver = {
    write: async (manifests, locks = []) => {
      const from = edited({ manifests, locks })
      return await writeLocks(context, ecosystem, await image(), from.tree, from.project)
    },
    arrives: (written) => isThere(ecosystem, edited(written), plan, request),
    expect: (written) => expectThere(ecosystem, edited(written), plan, request),
  }
  if (plan.resolution.length > 0) progress(`writing the lock file with ${project.packageManager}`)
  const written = await resolve(plan.files, plan.resolution, resolver)
  const now = edited(written)
  const beside =
    written.locks.length === 0
      ? nothingBeside
      : await writeCompanions(context, ecosystem, await image(), now.tree, now.project)
  return { ...written, from: tree, beside }
}

/** Every package that should move has the planned version in the lock files, wherever it is declared. */
async function isThere(
  ecosystem: Ecosystem,
  { tree, project }: ProjectTree,
  plan: UpdatePlan,
  request: UpdateRequest,
): Promise<boolean> {
  for (const [name, to] of plan.versions) {
    const places = await ecosystem.resolved(tree, project, name)
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
  ecosystem: Ecosystem,
  { tree, project }: ProjectTree,
  plan: UpdatePlan,
  request: UpdateRequest,
): Promise<void> {
  const places = await ecosystem.resolved(tree, project, request.package)
  expectArrival(places, arriving(request, plan))
}

function arriving({ package: name, manifest }: UpdateRequest, plan: UpdatePlan): Arriving {
  return { package: name, plan, ...(manifest === undefined ? {} : { manifest }) }
}

async function toUpdate(
  context: UpdateContext,
  request: UpdateRequest,
  plan: UpdatePlan,
  { from, manifests, locks, beside }: Complete,
): Promise<Update> {
  const { repository, ecosystem } = context
  const committed = request.project.locks.length > 0
  const files = new Map<string, Buffer | null>(manifests)
  for (const { path, bytes } of committed ? locks : []) files.set(path, bytes)
  for (const [path, bytes] of beside.files) files.set(path, bytes)
  const tree = await repository.withFiles(request.tree, files)
  const patch = await repository.diff(request.baseCommit, request.tree, tree)
  const warnings = await ecosystem.explainLock(from, await treeView(repository, tree), patch)
  const said = [...(plan.warnings ?? []), ...beside.warnings]
  return { plan, patch, tree, said, warnings: [...said, ...warnings], locks: committed ? [] : locks }
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
