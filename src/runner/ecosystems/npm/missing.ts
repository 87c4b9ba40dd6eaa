import pLimit from 'p-limit'
import { DrydockError } from '../../../contract/failure.ts'
import type { Warning } from '../../../contract/verdict.ts'
import { emptyPackage } from '../../gitSource/packed.ts'
import type { Packument, Registry } from '../../registries/npm/registry.ts'
import type { Project, Tree } from '../project.ts'
import { lockOf } from './locks/index.ts'
import { identity, type Lock, type LockedPackage } from './locks/lock.ts'
import { type ManifestFile, readManifests } from './manifest.ts'
import { neededBy } from './neededBy.ts'

/** An empty package in place of one that no registry has any more. */
export interface Stub {
  /** `name@version`. */
  readonly subject: string
  /** What the lock file demands of the package that is gone. */
  readonly locked: string
  /** Of the bytes of the empty one. */
  readonly integrity: string
  readonly bytes: Buffer
  /** The way from a manifest to it, where only another package needs it. */
  readonly way?: readonly string[]
  /** What the project has in use needs it: whether the checks do without says little of that. */
  readonly inEarnest?: true
}

const concurrency = 16

interface Gone {
  readonly subject: string
  readonly locked: string
  readonly way?: readonly string[]
  readonly inEarnest?: true
}

/**
 * Development and optional dependencies that the lock file pins and the registry does not have, and of what only other
 * packages need those that an install did not get: what the user allows to be left out. What a manifest declares in
 * earnest is never among them.
 */
export async function stubsOf(
  tree: Tree,
  project: Project,
  registry: Registry,
  known: ReadonlySet<string> = new Set(),
  signal?: AbortSignal,
): Promise<readonly Stub[]> {
  const [manifests, lock] = await Promise.all([readManifests(tree), lockOf(tree, project)])
  const wanted = new Map<string, Gone>()
  for (const gone of transitive(manifests, lock, known)) wanted.set(gone.subject, gone)
  const limit = pLimit(concurrency)
  const pending = manifests.flatMap(({ dir, manifest }) => {
    const spared = { ...manifest.devDependencies, ...manifest.optionalDependencies }
    return Object.entries(spared).map(([name, text]) => async () => {
      const entry = lock.find(dir, name, text)
      if (entry?.integrity === undefined || entry.local || isDeclared(manifests, name)) return
      if (await isThere(registry, entry, signal)) return
      wanted.set(identity(entry), { subject: identity(entry), locked: entry.integrity })
    })
  })
  await Promise.all(pending.map((ask) => limit(ask)))
  return await Promise.all([...wanted.values()].map(toStub))
}

/** In earnest: neither for development nor optional. */
function isDeclared(manifests: readonly ManifestFile[], name: string): boolean {
  return manifests.some(
    ({ manifest }) =>
      manifest.dependencies?.[name] !== undefined && manifest.optionalDependencies?.[name] === undefined,
  )
}

function transitive(
  manifests: readonly ManifestFile[],
  lock: Lock,
  known: ReadonlySet<string>,
): readonly Gone[] {
  const entries = lock.packages.filter((entry) => known.has(identity(entry)) && !entry.local)
  return entries.flatMap(({ integrity, ...entry }) => {
    if (integrity === undefined || isDeclared(manifests, entry.name)) return []
    const common = { subject: identity(entry), locked: integrity }
    const earnest = neededBy(inUse(manifests), lock, entry.name)
    if (earnest.length > 0) return [{ ...common, way: earnest, inEarnest: true }]
    return [{ ...common, way: neededBy(manifests, lock, entry.name) }]
  })
}

/** The manifests without what is declared for development alone. */
function inUse(manifests: readonly ManifestFile[]): readonly ManifestFile[] {
  return manifests.map((file) => {
    const { devDependencies: _, optionalDependencies = {}, dependencies = {}, ...manifest } = file.manifest
    const names = Object.keys(dependencies).filter((name) => optionalDependencies[name] === undefined)
    const kept = Object.fromEntries(names.map((name) => [name, dependencies[name] ?? '']))
    return { ...file, manifest: { ...manifest, dependencies: kept } }
  })
}

/** Packages that an install did not get, by whether and why they can be left out. */
export async function leaveOut(
  tree: Tree,
  project: Project,
  gone: readonly string[],
  known: Set<string>,
): Promise<{ readonly leftOut: readonly string[] } | { readonly refused: string } | undefined> {
  const [manifests, lock] = await Promise.all([readManifests(tree), lockOf(tree, project)])
  const entries = lock.packages.filter(
    (entry) => !entry.local && gone.some((one) => one === identity(entry) || one === entry.name),
  )
  const reasons = new Map(entries.map((entry) => [identity(entry), reasonToKeep(manifests, entry)]))
  const fresh = [...reasons].filter(([subject, reason]) => reason === undefined && !known.has(subject))
  for (const [subject] of fresh) known.add(subject)
  if (fresh.length > 0) return { leftOut: fresh.map(([subject]) => subject) }
  const [reason] = [...reasons.values()].filter((one) => one !== undefined)
  if (reason !== undefined) return { refused: reason }
  return entries.length === 0 ? undefined : { refused: 'an empty package in its place is refused as well' }
}

function reasonToKeep(manifests: readonly ManifestFile[], entry: LockedPackage): string | undefined {
  if (isDeclared(manifests, entry.name)) return `the project itself depends on ${entry.name}`
  if (entry.integrity === undefined)
    return `the lock file has no integrity of ${identity(entry)} that an empty package could stand for`
  return undefined
}

async function isThere(
  registry: Registry,
  { name, version }: { readonly name: string; readonly version: string },
  signal?: AbortSignal,
): Promise<boolean> {
  const found: Packument | undefined = await registry.packument(name, signal).catch((error: unknown) => {
    if (error instanceof DrydockError && error.failure.code === 'no-such-package') return undefined
    throw error
  })
  return found?.versions.includes(version) === true
}

async function toStub(gone: Gone): Promise<Stub> {
  const at = gone.subject.lastIndexOf('@')
  const { bytes, integrity } = await emptyPackage(gone.subject.slice(0, at), gone.subject.slice(at + 1))
  return { ...gone, bytes, integrity }
}

/** A lock file that asks for the empty packages. */
export function withStubs(lock: string, stubs: readonly Stub[]): string {
  return stubs.reduce((text, { locked, integrity }) => text.replaceAll(locked, integrity), lock)
}

/** The lock file as it was about them. */
export function withoutStubs(lock: string, stubs: readonly Stub[]): string {
  return stubs.reduce((text, { locked, integrity }) => text.replaceAll(integrity, locked), lock)
}

export function leftOut(stubs: readonly Stub[]): readonly Warning[] {
  return stubs.map(({ subject, way = [], inEarnest }) => {
    const needed = way.length === 0 ? '' : `, which ${way.join(' → ')} needs`
    const doubt = inEarnest === true ? ' What passes without it says nothing of what needs it.' : ''
    return {
      code: `left-out:${subject}`,
      message: `The registry does not have ${subject} any more${needed}: an empty package was installed in its place, as --allow-missing allows. The lock file still names it.${doubt}`,
      severity: inEarnest === true ? 'acknowledge' : 'notice',
    }
  })
}
