import semver from 'semver'
import type { Move } from '../../../contract/events.ts'
import { DrydockError } from '../../../contract/failure.ts'
import { failures } from '../../../contract/failures.ts'
import type { Warning } from '../../../contract/verdict.ts'
import type { Packument, Registry } from '../../registries/npm/registry.ts'
import { nodeNeed } from '../../toolchains/node/need.ts'
import { downgrade } from '../downgrade.ts'
import { nearestName } from '../nearestName.ts'
import type { UpdatePlan } from '../plan.ts'
import type { Project, Tree } from '../project.ts'
import { type Declaration, declarations, rewrite, specifierPairs } from './declarations.ts'
import { detect } from './detect.ts'
import { lockOf } from './locks/index.ts'
import type { Lock } from './locks/lock.ts'
import { renameDescriptors } from './locks/yarnLock.ts'
import { readManifests } from './manifest.ts'
import { wantedVersion } from './outdated.ts'
import { carryPatches } from './patched.ts'
import { type Direct, movePeers, type Target, toMoves } from './peers.ts'
import { nodeFits } from './tools/versions.ts'
import { unreadPins } from './unreadPins.ts'

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
  const [manifests, lock] = await Promise.all([readManifests(tree), lockOf(tree, project)])
  const declared = await declarations(tree, manifests, project, lock)
  const own = declaringOnes(declared, request)
  const [first] = own
  const ask = askOnce(registry, first.specifier.name, signal)
  const packument = await ask(first.specifier.name)
  const to = resolveVersion(packument, request.requested)
  const has = (one: RegistryDeclaration): string => versionOf(one, packument) ?? one.specifier.range
  const late = own.find((one) => isLate(one, has(one), to, request.requested))
  if (late === undefined) return undefined
  // What is newer already was not asked to go back.
  const left = own.filter((one) => one !== late && !isLate(one, has(one), to, request.requested))
  const directs = await directDependencies(declared, lock, manifests[0]?.dir ?? '', ask)
  const targets = await movePeers(directs, await startTargets(request, to, directs, ask), ask)
  const meant = new Map(directs.map(({ name, registryName }) => [name, registryName]))
  meant.set(request.package, first.specifier.name)
  const moving = declared.filter((one) => isMoving(one, request, meant, left))
  const from = has(late)
  const edits = await toEdits(tree, moving, from, to, toMoves(directs, targets), targets, {
    package: request.package,
    means: first.specifier.name,
    left: new Set(left.map(({ manifest = '' }) => manifest)),
  })
  const patched = await withPatches(edits, tree, directs, registry, signal)
  const pins = await unreadPins(tree, request.package)
  const engine = await engineOf(tree, project, packument, to)
  const back =
    semver.valid(from) !== null && semver.lt(to, from) ? [downgrade(request.package, from, to)] : []
  const warnings = [...back, ...(patched.warnings ?? []), ...pins, ...engine.warnings]
  return { ...patched, ...engine, warnings }
}

/**
 * What the new version asks of the project's Node. A Node that the repository names is the one of the checks, and where
 * it is too old that is said; a guessed one may give way to a newer.
 */
async function engineOf(
  tree: Tree,
  project: Project,
  { name, node }: Packument,
  to: string,
): Promise<Pick<UpdatePlan, 'newerTools'> & { readonly warnings: readonly Warning[] }> {
  const { image, toolchain = '' } = project
  const range = node(to)
  const major = nodeNeed(image)?.major
  if (major === undefined || range === undefined || semver.validRange(range) === null) return { warnings: [] }
  if (nodeFits(major, range)) return { warnings: [] }
  const asks = `${name} ${to} asks for Node ${range}`
  const message = `${asks}, and this project was checked on ${toolchain}. Raise its Node, or name the right one in .drydock.json ("node") and run this again.`
  const old: Warning = { code: `engine:${name}`, message, severity: 'acknowledge' }
  const newer = await detect(tree, range)
  const raisedTo = newer && nodeNeed(newer.image)?.major
  if (newer === undefined || raisedTo === undefined || raisedTo === major) return { warnings: [old] }
  const raised = `${asks}: base and update were checked on Node ${raisedTo}. By itself the project would have been on ${toolchain}; whoever runs it on that has to move as well.`
  return {
    newerTools: {
      project: newer,
      trying: {
        code: `tools-tried:${name}`,
        message: `${asks}: the project is tried on Node ${raisedTo} first, as it is.`,
        severity: 'notice',
      },
      warning: { code: `newer-tools:${name}`, message: raised, severity: 'acknowledge' },
    },
    warnings: [old],
  }
}

/** An update's edits before it is known how lock files come of them. */
interface Edits extends Omit<UpdatePlan, 'resolution'> {
  /** `files` with exact versions. */
  readonly pinned: ReadonlyMap<string, Buffer>
  /** The lock file of the pinned manifests, made to fit `files`. */
  readonly adapt: (path: string, bytes: Buffer) => Buffer
}

/**
 * As the manifests say; where their ranges admit something newer than `to`, with exact versions first. What the project
 * lays over the packages that move follows them, or is left out and named.
 */
async function withPatches(
  { pinned, adapt, ...plan }: Edits,
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
  const exact = await carryPatches(tree, pinned, moved, registry, signal)
  const loosened = { manifests: kept.files, adapt }
  const resolution = [{ manifests: kept.files }, { manifests: exact.files, loosened }]
  return { ...plan, files: kept.files, resolution, warnings: kept.warnings }
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
        return {
          name,
          tags: {},
          versions: [],
          latest: '',
          peers: () => ({}),
          node: () => undefined,
          deprecated: () => undefined,
        }
      })
    asked.set(name, pending)
    return pending
  }
}

type RegistryDeclaration = Declaration & { readonly specifier: NonNullable<Declaration['specifier']> }

/** Those that one package of the registry is meant by; an alias for another one is none of them. */
function declaringOnes(
  declared: readonly Declaration[],
  request: UpdateRequest,
): readonly [RegistryDeclaration, ...RegistryDeclaration[]] {
  const own = declared.filter(
    (one) =>
      one.name === request.package &&
      one.group !== undefined &&
      (request.manifest === undefined || [one.manifest, one.path].includes(request.manifest)),
  )
  const [first] = own
  if (first === undefined) {
    const names = declared.filter(({ group }) => group !== undefined).map(({ name }) => name)
    throw failures.notADependency(request.package, nearestName(request.package, names))
  }
  const [main, ...others] = own.filter((one): one is RegistryDeclaration => one.specifier !== undefined)
  if (main === undefined) throw failures.notAVersion(request.package, first.text)
  return [main, ...others.filter(({ specifier }) => specifier.name === main.specifier.name)]
}

/** What is installed for a declaration, or would be. */
function versionOf({ current, specifier }: RegistryDeclaration, packument: Packument): string | undefined {
  return current ?? wantedVersion(packument, specifier.range)
}

function isLate(one: RegistryDeclaration, has: string, to: string, requested: string): boolean {
  const { specifier, resolvesTo, current, group } = one
  if (resolvesTo !== undefined && resolvesTo !== specifier.name) return true
  // A peer that nothing installs is right where it admits the version.
  if (group === 'peerDependencies' && current === undefined && semver.satisfies(to, specifier.range))
    return false
  return !isCurrent(has, to, requested)
}

/** In the manifests that were asked for, or in what they share; only where the same package of the registry is meant. */
function isMoving(
  one: Declaration,
  { manifest }: UpdateRequest,
  meant: ReadonlyMap<string, string>,
  left: readonly Declaration[],
): boolean {
  if (one.group !== undefined && left.includes(one)) return false
  if (one.specifier === undefined || one.specifier.name !== meant.get(one.name)) return false
  return manifest === undefined || one.format === 'yaml' || one.group === undefined || one.path === manifest
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

async function toEdits(
  tree: Tree,
  moving: readonly Declaration[],
  from: string,
  to: string,
  moves: readonly Move[],
  targets: ReadonlyMap<string, Target>,
  {
    package: asked,
    means,
    left,
  }: { readonly package: string; readonly means: string; readonly left: ReadonlySet<string> },
): Promise<Edits> {
  const versions = new Map([...targets].map(([name, target]) => [name, target.version]))
  const files = await rewrite(tree, moving, versions, 'keep')
  const pinned = await rewrite(tree, moving, versions, 'exact')
  return {
    from,
    to,
    moves: moves.map((move) => (move.name === asked ? { ...move, from } : move)),
    files,
    pinned,
    versions,
    left,
    ...(means === asked ? {} : { means }),
    adapt: (path, bytes) => adaptLock(path, bytes, moving, versions),
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
