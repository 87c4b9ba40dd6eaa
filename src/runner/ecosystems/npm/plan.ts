import semver from 'semver'
import { DrydockError } from '../../../contract/failure.ts'
import { failures } from '../../../contract/failures.ts'
import type { Project, Tree, UpdatePlan } from '../ecosystem.ts'
import { type Declaration, declarations, rewrite, specifierPairs } from './declarations.ts'
import { lockOf } from './locks/index.ts'
import type { Lock } from './locks/lock.ts'
import { renameDescriptors } from './locks/yarnLock.ts'
import { readManifests } from './manifest.ts'
import { wantedVersion } from './outdated.ts'
import { carryPatches } from './patched.ts'
import { type Direct, movePeers, type Target, toMoves } from './peers.ts'
import type { Packument, Registry } from './registry.ts'

export interface UpdateRequest {
  readonly package: string
  readonly requested: string
  readonly manifest?: string
  /** Further packages that must move, with the reason; found by the package manager. */
  readonly also?: ReadonlyMap<string, string>
}

/** The manifest edits of an update; undefined where everything that declares it is there already. */
export async function planUpdate(
  tree: Tree,
  project: Project,
  request: UpdateRequest,
  registry: Registry,
  signal?: AbortSignal,
): Promise<UpdatePlan | undefined> {
  const [manifests, lock] = await Promise.all([readManifests(tree), lockOf(tree, project.lockfile)])
  const declared = await declarations(tree, manifests, lock)
  const own = declaringOnes(declared, request)
  const ask = askOnce(registry, own.specifier.name, signal)
  const packument = await ask(own.specifier.name)
  const to = resolveVersion(packument, request.requested)
  const directs = await directDependencies(declared, lock, manifests[0]?.dir ?? '', ask)
  const from = directs.find(({ name }) => name === request.package)?.version ?? own.specifier.range
  if (isCurrent(from, to, request.requested)) return undefined
  const targets = await movePeers(directs, await startTargets(request, to, directs, ask), ask)
  const plan = await toPlan(tree, declared, request, from, to, directs, targets)
  return await withPatches(plan, tree, directs, registry, signal)
}

/** What the project lays over the packages that move follows them, or is left out and named. */
async function withPatches(
  plan: UpdatePlan,
  tree: Tree,
  directs: readonly Direct[],
  registry: Registry,
  signal?: AbortSignal,
): Promise<UpdatePlan> {
  const moved = [...plan.versions].map(([name, to]) => {
    const { registryName = name, version } = directs.find((direct) => direct.name === name) ?? {}
    return { name, registryName, to, ...(version === undefined ? {} : { from: version }) }
  })
  const kept = await carryPatches(tree, plan.files, moved, registry, signal)
  const exact = await carryPatches(tree, plan.pinned, moved, registry, signal)
  return { ...plan, files: kept.files, pinned: exact.files, warnings: kept.warnings }
}

type Ask = (name: string) => Promise<Packument>

/** The search for peers asks for the same packages again and again. That another one is gone is the install's to tell. */
function askOnce(registry: Registry, own: string, signal?: AbortSignal): Ask {
  const asked = new Map<string, Promise<Packument>>()
  return (name) => {
    const pending =
      asked.get(name) ??
      registry.packument(name, signal).catch((error: unknown) => {
        const code = error instanceof DrydockError ? error.failure.code : undefined
        if (name === own || code !== 'no-such-package') throw error
        return { name, tags: {}, versions: [], latest: '', peers: () => ({}) }
      })
    asked.set(name, pending)
    return pending
  }
}

type RegistryDeclaration = Declaration & { readonly specifier: NonNullable<Declaration['specifier']> }

function declaringOnes(declared: readonly Declaration[], request: UpdateRequest): RegistryDeclaration {
  const own = declared.filter(
    (one) =>
      one.name === request.package &&
      one.group !== undefined &&
      (request.manifest === undefined || one.path === request.manifest),
  )
  const [first] = own
  if (first === undefined) throw failures.notADependency(request.package)
  const versioned = own.find((one): one is RegistryDeclaration => one.specifier !== undefined)
  if (versioned === undefined) throw failures.notAVersion(request.package, first.text)
  return versioned
}

/** A version, a dist-tag or a range, as the registry resolves it. */
export function resolveVersion(packument: Packument, requested: string): string {
  const exact = semver.valid(requested)
  if (exact !== null && packument.versions.includes(exact)) return exact
  const found = exact === null ? wantedVersion(packument, requested) : undefined
  if (found === undefined) throw failures.noSuchVersion(packument.name, requested, packument.latest)
  return found
}

/** What was not named exactly never goes back. */
function isCurrent(from: string, to: string, requested: string): boolean {
  if (semver.valid(from) === null) return false
  return semver.eq(from, to) || (semver.valid(requested) === null && semver.gt(from, to))
}

async function directDependencies(
  declared: readonly Declaration[],
  lock: Lock,
  root: string,
  ask: Ask,
): Promise<readonly Direct[]> {
  const byName = new Map<string, Direct>()
  for (const { name, group, text, specifier, current } of declared) {
    if (group === undefined || specifier === undefined || byName.has(name)) continue
    const version = current ?? wantedVersion(await ask(specifier.name), specifier.range)
    if (version === undefined || semver.valid(version) === null) continue
    const peers = lock.find(root, name, text)?.peers
    byName.set(name, {
      name,
      registryName: specifier.name,
      version,
      ...(peers === undefined ? {} : { peers }),
    })
  }
  return [...byName.values()]
}

async function startTargets(
  request: UpdateRequest,
  to: string,
  directs: readonly Direct[],
  ask: Ask,
): Promise<Map<string, Target>> {
  const targets = new Map<string, Target>([[request.package, { version: to }]])
  for (const [name, reason] of request.also ?? []) {
    const direct = directs.find((candidate) => candidate.name === name)
    if (direct === undefined || targets.has(name)) continue
    targets.set(name, { version: (await ask(direct.registryName)).latest, reason })
  }
  return targets
}

async function toPlan(
  tree: Tree,
  declared: readonly Declaration[],
  request: UpdateRequest,
  from: string,
  to: string,
  directs: readonly Direct[],
  targets: ReadonlyMap<string, Target>,
): Promise<UpdatePlan> {
  const { manifest } = request
  const affected = declared.filter(
    (one) =>
      manifest === undefined || one.path === manifest || one.format === 'yaml' || one.group === undefined,
  )
  const versions = new Map([...targets].map(([name, target]) => [name, target.version]))
  const files = await rewrite(tree, affected, versions, 'keep')
  const pinned = await rewrite(tree, affected, versions, 'exact')
  return {
    from,
    to,
    moves: toMoves(directs, targets),
    files,
    pinned,
    versions,
    adaptLock: (path, bytes) => adaptLock(path, bytes, affected, versions),
  }
}

/** yarn finds an entry by its specifier; the other formats by name. */
function adaptLock(
  path: string,
  bytes: Buffer,
  declared: readonly Declaration[],
  versions: ReadonlyMap<string, string>,
): Buffer {
  return path === 'yarn.lock'
    ? Buffer.from(renameDescriptors(bytes.toString('utf8'), specifierPairs(declared, versions)))
    : bytes
}
