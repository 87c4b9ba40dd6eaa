import { failures } from '../../contract/failures.ts'
import type { Resolved, UpdatePlan } from './ecosystem.ts'

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
  const [first, ...others] = stayedBehind(places, wanted)
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
