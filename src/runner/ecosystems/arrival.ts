import type { ResolvedPlace } from '../../contract/events.ts'
import { failures } from '../../contract/failures.ts'
import type { Resolved, UpdatePlan } from './plan.ts'

/** What has to be where. */
export interface Arriving {
  readonly package: string
  /** The only manifest that was asked for. */
  readonly manifest?: string
  readonly plan: Pick<UpdatePlan, 'to' | 'left' | 'means'>
}

/** Declarations that the update is about and that come to something else than the wanted version. */
export function stayedBehind(places: readonly Resolved[], { manifest, plan }: Arriving): readonly Resolved[] {
  // A catalog may have been asked for by its own file: then everything that it declares is meant.
  const one = places.some((place) => place.manifest === manifest) ? manifest : undefined
  return places.filter((place) => {
    if (one !== undefined && place.manifest !== one) return false
    if (place.aside !== undefined || place.elsewhere !== undefined) return false
    if (place.means !== plan.means) return false
    if (plan.left?.has(place.manifest) === true) return false
    if (place.instead !== undefined) return true
    return place.version === undefined ? place.optional !== true : place.version !== plan.to
  })
}

/** Throws `version-pinned`, which names what holds the version back. */
export function expectArrival(places: readonly Resolved[], wanted: Arriving): void {
  const arrives = places.some(({ version }) => version === wanted.plan.to)
  // Nothing stays behind where nothing could be told of any either: that is no arrival.
  const behind = stayedBehind(places, wanted)
  const [first, ...others] = behind.length > 0 || arrives ? behind : places
  if (first === undefined) return
  throw failures.versionPinned(
    wanted.package,
    wanted.plan.to,
    first,
    [first, ...others].map(standing).join('\n'),
  )
}

/** `packages/a/package.json: 2.1.2, by pnpm.overrides.ms in package.json (2.1.2)`. */
export function standing({ manifest, version, instead, by }: Resolved): string {
  const what = [instead, version].filter((part) => part !== undefined).join(' ')
  return `${manifest}: ${what === '' ? 'nothing' : what}${by === undefined ? '' : `, by ${by}`}`
}

/** What the session shows of a package: each declaration before and after, and why one is not what was asked for. */
export function placesOf(before: readonly Resolved[], after: readonly Resolved[]): readonly ResolvedPlace[] {
  const places = after.map((place, index): ResolvedPlace => {
    const nth = after.slice(0, index).filter(({ manifest }) => manifest === place.manifest).length
    const old = before.filter(({ manifest }) => manifest === place.manifest)[nth]
    const note = noteOf(place)
    return {
      manifest: place.manifest,
      ...(old?.version === undefined ? {} : { before: old.version }),
      ...(place.version === undefined ? {} : { after: place.version }),
      ...(place.by === undefined ? {} : { by: place.by }),
      ...(note === undefined ? {} : { note }),
    }
  })
  return [...new Map(places.map((place) => [JSON.stringify(place), place])).values()]
}

function noteOf({ aside, elsewhere, instead, version, optional }: Resolved): string | undefined {
  if (elsewhere !== undefined) return `taken from ${elsewhere}`
  if (aside !== undefined) return aside
  if (instead !== undefined) return `${instead} stands in its place`
  return version === undefined && optional === true ? 'not installed here' : undefined
}

/** Where a change leaves what the update brought: gone, taken from elsewhere, or in another version. */
export function departures(
  name: string,
  before: readonly Resolved[],
  after: readonly Resolved[],
): readonly string[] {
  const manifests = [...new Set(before.filter(isSettled).map(({ manifest }) => manifest))]
  return manifests.flatMap((manifest) => {
    const was = before.filter((place) => place.manifest === manifest && isSettled(place))
    const is = after.filter((place) => place.manifest === manifest)
    if (is.length === 0) return [`${name} is not declared in ${manifest} any more.`]
    return is.flatMap((place) => departure(name, was, place) ?? [])
  })
}

function isSettled({ version, elsewhere, aside }: Resolved): boolean {
  return version !== undefined && elsewhere === undefined && aside === undefined
}

function departure(name: string, was: readonly Resolved[], place: Resolved): string | undefined {
  const { manifest, elsewhere, means, instead, version, by } = place
  if (elsewhere !== undefined)
    return `${name} is taken from ${elsewhere} in ${manifest}, not from a registry.`
  const stand = means ?? name
  const other = instead ?? (was.every((old) => (old.means ?? name) !== stand) ? stand : undefined)
  if (other !== undefined) return `${other} stands in the place of ${name} in ${manifest}.`
  if (place.aside !== undefined || was.some((old) => old.version === version)) return undefined
  const how = by === undefined ? '' : `, by ${by}`
  return `${manifest} gets ${name} ${version ?? 'in no version'}${how}, where the update brought ${was[0]?.version}.`
}

/** A place with what the workspace holds instead of what was to be expected there. */
export function asInstalled(
  name: string,
  place: Resolved,
  installed: ReadonlyMap<string, { readonly name?: string; readonly version: string }>,
): Resolved {
  const there = installed.get(place.manifest)
  if (there === undefined || place.unasked === true || place.elsewhere !== undefined) return place
  if (place.aside !== undefined) return place
  const meant = place.means ?? name
  const isOther = there.name !== undefined && there.name !== meant
  return { ...place, version: there.version, ...(isOther ? { instead: there.name } : {}) }
}
