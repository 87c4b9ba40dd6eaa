import pLimit from 'p-limit'
import semver from 'semver'
import { DrydockError } from '../../../contract/failure.ts'
import type { Choosable } from '../../../contract/outdated.ts'
import type { Packument, Registry } from '../../registries/npm/registry.ts'
import type { Outdated } from '../plan.ts'
import type { Project, Tree } from '../project.ts'
import { type Declaration, declarations } from './declarations.ts'
import { lockOf } from './locks/index.ts'
import { type GroupKey, groups, readManifests } from './manifest.ts'
import type { Specifier } from './range.ts'

const concurrency = 16

interface Declared extends Declaration {
  readonly group: GroupKey
  readonly manifest: string
  readonly specifier: Specifier
}

/** Declared dependencies that the registry has something newer for, in the order of the manifests. */
export async function outdated(
  tree: Tree,
  project: Project,
  registry: Registry,
  signal?: AbortSignal,
): Promise<readonly Outdated[]> {
  const [manifests, lock] = await Promise.all([readManifests(tree), lockOf(tree, project)])
  const declared = (await declarations(tree, manifests, project, lock)).filter(isDeclared)
  const limit = pLimit(concurrency)
  const names = [...new Set(declared.map(({ specifier }) => specifier.name))]
  const found = await Promise.all(names.map((name) => limit(() => packumentOrNone(registry, name, signal))))
  const packuments = new Map(names.map((name, index) => [name, found[index]]))
  return declared.flatMap((one) => compare(one, packuments.get(one.specifier.name)) ?? [])
}

/** What another manifest of the workspace provides has no specifier and is nobody's to update. */
function isDeclared(one: Declaration): one is Declared {
  return one.group !== undefined && one.manifest !== undefined && one.specifier !== undefined
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

function compare(one: Declared, packument: Packument | undefined): Outdated | undefined {
  if (packument === undefined) return undefined
  const { range } = one.specifier
  const wanted = wantedVersion(packument, range)
  const current = one.current ?? wanted
  if (wanted === undefined || current === undefined) return undefined
  const target = semver.gt(packument.latest, current) ? packument.latest : wanted
  if (!semver.gt(target, current)) return undefined
  return {
    name: one.name,
    manifest: one.manifest,
    group: groups[one.group],
    range: one.text,
    current,
    wanted,
    latest: packument.latest,
    change: changeOf(current, target),
    choices: choicesOf(packument, current),
  }
}

/** As package managers pick: the latest where the range admits it, else the highest it admits. */
export function wantedVersion(packument: Packument, range: string): string | undefined {
  const tagged = packument.tags[range]
  if (tagged !== undefined) return tagged
  if (semver.satisfies(packument.latest, range)) return packument.latest
  return semver.maxSatisfying([...packument.versions], range) ?? undefined
}

/** Majors that a person is offered; older ones than these are typed. */
const mostMajors = 12

/** The newest release of each major after the current version, the newest first, and the latest whatever it is. */
function choicesOf(packument: Packument, current: string): readonly Choosable[] {
  const newest = new Map<number, string>()
  for (const version of packument.versions) {
    const isCandidate = semver.gt(version, current) && semver.prerelease(version) === null
    // Past the latest are releases that their maintainers do not recommend yet.
    if (isCandidate && semver.lte(version, packument.latest)) newest.set(semver.major(version), version)
  }
  const versions = [...new Set([...newest.values(), packument.latest])].sort(semver.rcompare)
  return versions.slice(0, mostMajors).map((version) => {
    const deprecated = packument.deprecated(version)
    return { version, ...(deprecated === undefined ? {} : { deprecated }) }
  })
}

/** How far a version is away; before 1.0.0 the first number that is not 0 is the one that may break, as ranges have it. */
export function changeOf(from: string, to: string): Outdated['change'] {
  const difference = semver.diff(from, to)
  if (difference === null) return 'none'
  if (difference === 'major' || difference === 'premajor') return 'major'
  if (semver.major(from) === 0 && !semver.satisfies(to, `^${from}`, { includePrerelease: true }))
    return 'major'
  return difference === 'minor' || difference === 'preminor' ? 'minor' : 'patch'
}
