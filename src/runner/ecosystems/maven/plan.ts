import { mavenFailures } from '../../../contract/ecosystems/maven/failures.ts'
import type { Move } from '../../../contract/events.ts'
import { failures } from '../../../contract/failures.ts'
import { applyEdits, type Edit } from '../../xml.ts'
import { downgrade } from '../downgrade.ts'
import { nearestName } from '../nearestName.ts'
import type { UpdatePlan } from '../plan.ts'
import { atVersion, type Declaration, declarations, hard } from './declarations.ts'
import { managedBy } from './pom/managed.ts'
import type { Model, Place } from './pom/model.ts'
import type { Pom } from './pom/pom.ts'
import type { MavenRepository } from './repository.ts'
import { samePlace, sharersOf, versionsOfAll } from './sharedVersions.ts'
import { compareVersions, resolveWish } from './version.ts'

export interface PlanRequest {
  readonly package: string
  readonly requested: string
  readonly manifest?: string
}

/** A place and the version that it shall name. */
interface Change {
  readonly place: Place
  readonly to: string
  readonly because?: string
}

/** The exact edits of an update; undefined where everything that declares it is there already. */
export async function planUpdate(
  model: Model,
  repository: MavenRepository,
  request: PlanRequest,
  signal?: AbortSignal,
): Promise<UpdatePlan | undefined> {
  const all = await declarations(model)
  const own = all.filter(({ name, pom, place }) => {
    const { manifest } = request
    return (
      name === request.package && (manifest === undefined || [pom.path, place?.pom.path].includes(manifest))
    )
  })
  const [first] = own
  if (first === undefined) {
    const names = all.map(({ name }) => name)
    throw failures.notADependency(request.package, nearestName(request.package, names))
  }
  const known = await repository.versions(first.groupId, first.artifactId, signal)
  const from =
    (own.find(takesPart) ?? first).current ?? own.find(({ current }) => current !== undefined)?.current
  const together = await versionsOfAll(known, sharersOf(all, first), ({ groupId, artifactId }) =>
    repository.versions(groupId, artifactId, signal).catch(() => []),
  )
  const to = wishedVersion(request.requested, from, known, together)
  if (to === undefined)
    throw failures.noSuchVersion(
      first.name,
      request.requested,
      resolveWish('latest', from, known) ?? 'unknown',
    )
  // A profile that takes no part and has a version of its own has it for a reason.
  const meant = own.some(takesPart) ? own.filter((one) => takesPart(one) || one.current === from) : own
  const isLate = ({ current }: Declaration): boolean =>
    current === undefined || isBehind(current, to, request, known)
  const late = meant.filter(isLate)
  if (late.length === 0) return undefined
  const changes = await changesOf(model, repository, late, to, signal)
  const moves = await movesOf(all, changes, request.package, repository, signal)
  const left = new Set(own.filter((one) => !isLate(one) && one.current !== to).map(({ pom }) => pom.path))
  const start = late.find(takesPart)?.current ?? from
  const back = start !== undefined && compareVersions(start, to) > 0
  return {
    ...toPlan(start ?? first.text, to, request.package, changes, moves),
    left,
    ...(back ? { warnings: [downgrade(request.package, start, to)] } : {}),
  }
}

/**
 * The version meant: one that all have who share its place, unless it is named or there is none such; that it cannot be
 * is told later, by the one that lacks it.
 */
function wishedVersion(
  requested: string,
  from: string | undefined,
  known: readonly string[],
  together: readonly string[],
): string | undefined {
  const alone = resolveWish(requested, from, known)
  if (alone === undefined || known.includes(requested)) return alone
  const shared = resolveWish(requested, from, together)
  const isForth = shared !== undefined && (from === undefined || compareVersions(shared, from) > 0)
  return isForth ? shared : alone
}

function takesPart({ profile }: Declaration): boolean {
  return profile === undefined
}

/** What was not named exactly never goes back. */
function isBehind(
  current: string,
  to: string,
  { requested }: PlanRequest,
  known: readonly string[],
): boolean {
  const order = compareVersions(current, to)
  return known.includes(requested) ? order !== 0 : order < 0
}

async function changesOf(
  model: Model,
  repository: MavenRepository,
  late: readonly Declaration[],
  to: string,
  signal?: AbortSignal,
): Promise<readonly Change[]> {
  const changes = new Map<string, Change>()
  for (const one of late) {
    if (one.place !== undefined) expectOwn(model, one, one.place, to)
    if (one.given !== undefined) throw pinned(one, to, `-D${one.given} in .mvn/maven.config`)
    const change =
      one.place !== undefined
        ? { place: one.place, to }
        : await changeOfManager(model, repository, one, to, signal)
    changes.set(`${change.place.pom.path}:${change.place.value.start}`, change)
  }
  return [...changes.values()]
}

/** A property that is the version of the project's own modules as well is not an update's to move. */
function expectOwn(model: Model, one: Declaration, { property, pom }: Place, to: string): void {
  if (property === undefined) return
  const written = `\${${property}}`
  const own = model.reactor.poms.some(
    (at) => at.version?.text === written || at.parent?.version?.text === written,
  )
  if (own)
    throw pinned(one, to, `the property ${property} in ${pom.path}, which is the project's own version too`)
}

function pinned({ name, pom, current }: Declaration, to: string, by: string): Error {
  const at = { manifest: pom.path, by, ...(current === undefined ? {} : { version: current }) }
  return failures.versionPinned(name, to, at, '')
}

/** Versions of a BOM that are tried for one that brings the wanted version. */
const maxTried = 25

async function changeOfManager(
  model: Model,
  repository: MavenRepository,
  one: Declaration,
  to: string,
  signal?: AbortSignal,
): Promise<Change> {
  const { through } = one
  if (through?.place === undefined || through.current === undefined) {
    if (through === undefined) throw failures.notAVersion(one.name, one.text || 'managed')
    throw mavenFailures.managedElsewhere(one.name, through.name)
  }
  const { current, place } = through
  const known = await repository.versions(through.groupId, through.artifactId, signal)
  const newer = known.filter((version) => compareVersions(version, current) > 0).sort(compareVersions)
  // Most BOMs carry the version of what they manage.
  const candidates = [...newer.filter((version) => version === to), ...newer.reverse()].slice(0, maxTried)
  for (const version of candidates) {
    const brought = await managedBy(model, atVersion(through, version), one.groupId, one.artifactId, 0)
    if (brought === to) return { place, to: version, because: one.name }
  }
  throw mavenFailures.managedElsewhere(one.name, through.name)
}

/** Everything that the edited places stand for, the asked one first. */
async function movesOf(
  all: readonly Declaration[],
  changes: readonly Change[],
  asked: string,
  repository: MavenRepository,
  signal?: AbortSignal,
): Promise<readonly Move[]> {
  const moves = new Map<string, Move>()
  for (const { place, to, because } of changes) {
    for (const one of all.filter((candidate) => samePlace(candidate.place, place))) {
      if (moves.has(one.name)) continue
      const property = place.property ?? ''
      if (one.name !== asked && because === undefined) {
        const versions = await repository.versions(one.groupId, one.artifactId, signal)
        if (!versions.includes(to)) throw mavenFailures.sharedVersionMissing(asked, property, one.name, to)
      }
      const reason = because === undefined ? `shares the property ${property}` : `manages ${because}`
      moves.set(one.name, {
        name: one.name,
        to,
        ...(one.current === undefined ? {} : { from: one.current }),
        ...(one.name === asked ? {} : { reason }),
      })
    }
  }
  return [...moves.values()].sort((a, b) => Number(b.name === asked) - Number(a.name === asked))
}

function toPlan(
  from: string,
  to: string,
  asked: string,
  changes: readonly Change[],
  moves: readonly Move[],
): UpdatePlan {
  const edits = new Map<Pom, Edit[]>()
  for (const { place, to: text } of changes) {
    const { pom, value } = place
    const { start, end } = value
    // A comment or an entity in the text: the range would not mean the version alone.
    if (pom.source.slice(start, end) !== value.text)
      throw failures.notAVersion(asked, pom.source.slice(start, end))
    const written = hard.test(value.text) ? `[${text}]` : text
    edits.set(pom, [...(edits.get(pom) ?? []), { start, end, text: written }])
  }
  const files = new Map(
    [...edits].map(([pom, list]) => {
      const text = pom.mark + applyEdits(pom.source, list)
      return [pom.path, Buffer.from(text, pom.encoding)] as const
    }),
  )
  const named = moves.some(({ name }) => name === asked) ? moves : [{ name: asked, from, to }, ...moves]
  return {
    ...{ from, to, files },
    moves: named,
    resolution: [],
    versions: new Map([[asked, to]]),
  }
}
