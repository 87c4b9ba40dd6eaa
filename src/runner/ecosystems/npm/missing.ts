import pLimit from 'p-limit'
import { DrydockError } from '../../../contract/failure.ts'
import type { Warning } from '../../../contract/verdict.ts'
import { emptyPackage } from '../../gitSource/packed.ts'
import type { Project, Tree } from '../ecosystem.ts'
import { lockOf } from './locks/index.ts'
import { identity } from './locks/lock.ts'
import { readManifests } from './manifest.ts'
import type { Packument, Registry } from './registry.ts'

/** An empty package in place of one that no registry has any more. */
export interface Stub {
  /** `name@version`. */
  readonly subject: string
  /** What the lock file demands of the package that is gone. */
  readonly locked: string
  /** Of the bytes of the empty one. */
  readonly integrity: string
  readonly bytes: Buffer
}

const concurrency = 16

/**
 * Development and optional dependencies that the lock file pins and the registry does not have: what the user allows to
 * be left out. What anything depends on in earnest is never among them.
 */
export async function stubsOf(
  tree: Tree,
  project: Project,
  registry: Registry,
  signal?: AbortSignal,
): Promise<readonly Stub[]> {
  const [manifests, lock] = await Promise.all([readManifests(tree), lockOf(tree, project.lockfile)])
  const wanted = new Map<string, { readonly subject: string; readonly locked: string }>()
  const limit = pLimit(concurrency)
  const pending = manifests.flatMap(({ dir, manifest }) => {
    const spared = { ...manifest.devDependencies, ...manifest.optionalDependencies }
    return Object.entries(spared).map(([name, text]) => async () => {
      const entry = lock.find(dir, name, text)
      if (entry?.integrity === undefined || entry.local || inEarnest(name)) return
      if (await isThere(registry, entry, signal)) return
      wanted.set(identity(entry), { subject: identity(entry), locked: entry.integrity })
    })
  })
  function inEarnest(name: string): boolean {
    return manifests.some(
      ({ manifest }) =>
        manifest.dependencies?.[name] !== undefined && manifest.optionalDependencies?.[name] === undefined,
    )
  }
  await Promise.all(pending.map((ask) => limit(ask)))
  return await Promise.all([...wanted.values()].map(toStub))
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

async function toStub(gone: { readonly subject: string; readonly locked: string }): Promise<Stub> {
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
  return stubs.map(({ subject }) => ({
    code: `left-out:${subject}`,
    message: `The registry does not have ${subject} any more: an empty package was installed in its place, as --allow-missing allows. The lock file still names it.`,
    severity: 'notice',
  }))
}
