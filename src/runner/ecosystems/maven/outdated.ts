import pLimit from 'p-limit'
import { DrydockError } from '../../../contract/failure.ts'
import type { Choosable } from '../../../contract/outdated.ts'
import type { Outdated } from '../plan.ts'
import { type Declaration, declarations } from './declarations.ts'
import type { Model } from './pom/model.ts'
import type { MavenRepository } from './repository.ts'
import { sharersOf, versionsOfAll } from './sharedVersions.ts'
import { changeOf, compareVersions, isPrerelease, latestFor } from './version.ts'

const concurrency = 16

/** Declared artifacts that the repositories have something newer for, in the order of the POMs; each once a POM. */
export async function outdated(
  model: Model,
  repository: MavenRepository,
  signal?: AbortSignal,
): Promise<readonly Outdated[]> {
  const declared = await declarations(model)
  const limit = pLimit(concurrency)
  const asked = new Map<string, Promise<readonly string[]>>()
  for (const { name, groupId, artifactId } of declared) {
    if (asked.has(name)) continue
    asked.set(
      name,
      limit(() => versionsOrNone(repository, groupId, artifactId, signal)),
    )
  }
  const rows = new Map<string, Outdated>()
  for (const one of declared) {
    const versionsOf = async ({ name }: Declaration) => (await asked.get(name)) ?? []
    const together = await versionsOfAll(await versionsOf(one), sharersOf(declared, one), versionsOf)
    const row = compare(one, together)
    const key = row === undefined ? '' : `${row.manifest} ${row.name} ${row.current}`
    // What says it comes before what only inherits it.
    if (row !== undefined && (one.text !== '' || !rows.has(key))) rows.set(key, row)
  }
  return [...rows.values()]
}

/** A private or vanished artifact must not hide what is known of the others. */
async function versionsOrNone(
  repository: MavenRepository,
  groupId: string,
  artifactId: string,
  signal?: AbortSignal,
): Promise<readonly string[]> {
  return await repository.versions(groupId, artifactId, signal).catch((error: unknown) => {
    const code = error instanceof DrydockError ? error.failure.code : undefined
    if (code === 'no-such-package' || code === 'install-failed') return []
    throw error
  })
}

function compare(one: Declaration, versions: readonly string[]): Outdated | undefined {
  const { current } = one
  const latest = current === undefined ? undefined : latestFor(current, versions)
  if (current === undefined || latest === undefined || compareVersions(latest, current) <= 0) return undefined
  return {
    name: one.name,
    manifest: one.place?.pom.path ?? one.pom.path,
    group: groupOf(one),
    range: one.text === '' ? inherited(one) : one.text,
    ...(one.through === undefined ? {} : { through: one.through.name }),
    current,
    wanted: current,
    latest,
    change: changeOf(current, latest),
    choices: choicesOf(current, latest, versions),
  }
}

/** Majors that a person is offered; older ones than these are typed. */
const mostMajors = 12

/** The newest release of each major after the current version, the newest first. */
function choicesOf(current: string, latest: string, versions: readonly string[]): readonly Choosable[] {
  const newest = new Map<string, string>()
  for (const version of versions) {
    const isCandidate = compareVersions(version, current) > 0 && compareVersions(version, latest) <= 0
    const major = version.split(/[.-]/, 1)[0] ?? version
    const before = newest.get(major)
    if (
      isCandidate &&
      !isPrerelease(version) &&
      (before === undefined || compareVersions(version, before) > 0)
    )
      newest.set(major, version)
  }
  const found = [...new Set([...newest.values(), latest])].sort((a, b) => compareVersions(b, a))
  return found.slice(0, mostMajors).map((version) => ({ version }))
}

function inherited({ through, place }: Declaration): string {
  return through === undefined && place?.property !== undefined
    ? `\${${place.property}}`
    : `by ${through?.name ?? 'a parent'}`
}

function groupOf({ kind, scope, optional }: Declaration): Outdated['group'] {
  if (kind !== 'dependency' && kind !== 'managed') return kind
  if (optional) return 'optional'
  return scope === undefined || scope === 'compile' || scope === 'runtime' ? 'prod' : scope
}
