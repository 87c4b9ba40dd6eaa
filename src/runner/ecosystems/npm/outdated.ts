import pLimit from 'p-limit'
import semver from 'semver'
import { DrydockError } from '../../../contract/failure.ts'
import type { Outdated, Project, Tree } from '../ecosystem.ts'
import { lockOf } from './locks/index.ts'
import type { Lock } from './locks/lock.ts'
import { type GroupKey, groupKeys, groups, type ManifestFile, readManifests } from './manifest.ts'
import { parseSpecifier, type Specifier } from './range.ts'
import type { Packument, Registry } from './registry.ts'

const concurrency = 16

interface Declared {
  readonly file: ManifestFile
  readonly key: string
  readonly group: GroupKey
  readonly text: string
  readonly specifier: Specifier
}

/** Declared dependencies that the registry has something newer for, in the order of the manifests. */
export async function outdated(
  tree: Tree,
  project: Project,
  registry: Registry,
  signal?: AbortSignal,
): Promise<readonly Outdated[]> {
  const [manifests, lock] = await Promise.all([readManifests(tree), lockOf(tree, project.lockfile)])
  // What another manifest of the workspace provides is nobody's to update.
  const members = new Set(manifests.map(({ manifest }) => manifest.name))
  const declared = manifests.flatMap(declaredIn).filter(({ key }) => !members.has(key))
  const limit = pLimit(concurrency)
  const names = [...new Set(declared.map(({ specifier }) => specifier.name))]
  const found = await Promise.all(names.map((name) => limit(() => packumentOrNone(registry, name, signal))))
  const packuments = new Map(names.map((name, index) => [name, found[index]]))
  return declared.flatMap((one) => compare(one, lock, packuments.get(one.specifier.name)) ?? [])
}

function declaredIn(file: ManifestFile): Declared[] {
  return groupKeys.flatMap((group) =>
    Object.entries(file.manifest[group] ?? {}).flatMap(([key, text]) => {
      const specifier = parseSpecifier(key, text)
      return specifier === undefined ? [] : [{ file, key, group, text, specifier }]
    }),
  )
}

/** A private or vanished package must not hide what is known of the others. */
async function packumentOrNone(
  registry: Registry,
  name: string,
  signal?: AbortSignal,
): Promise<Packument | undefined> {
  return await registry.packument(name, signal).catch((error: unknown) => {
    const code = error instanceof DrydockError ? error.failure.code : undefined
    if (code === 'no-such-package' || code === 'install-failed') return undefined
    throw error
  })
}

function compare(one: Declared, lock: Lock, packument: Packument | undefined): Outdated | undefined {
  if (packument === undefined) return undefined
  const { range } = one.specifier
  const wanted = wantedVersion(packument, range)
  const current = lock.find(one.file.dir, one.key, one.text)?.version ?? wanted
  if (wanted === undefined || current === undefined) return undefined
  const target = semver.gt(packument.latest, current) ? packument.latest : wanted
  if (!semver.gt(target, current)) return undefined
  return {
    name: one.key,
    manifest: one.file.path,
    group: groups[one.group],
    range: one.text,
    current,
    wanted,
    latest: packument.latest,
    change: changeOf(current, target),
  }
}

/** As package managers pick: the latest where the range admits it, else the highest it admits. */
export function wantedVersion(packument: Packument, range: string): string | undefined {
  const tagged = packument.tags[range]
  if (tagged !== undefined) return tagged
  if (semver.satisfies(packument.latest, range)) return packument.latest
  return semver.maxSatisfying([...packument.versions], range) ?? undefined
}

function changeOf(from: string, to: string): Outdated['change'] {
  const difference = semver.diff(from, to)
  if (difference === null) return 'none'
  if (difference === 'major' || difference === 'premajor') return 'major'
  return difference === 'minor' || difference === 'preminor' ? 'minor' : 'patch'
}
