import type { Declaration } from './declarations.ts'
import type { Place } from './pom/model.ts'

/** What moves where one of them does: declarations that have their version from the same place. */
export function sharersOf(all: readonly Declaration[], { name, place }: Declaration): readonly Declaration[] {
  return place === undefined
    ? []
    : all.filter((other) => other.name !== name && samePlace(other.place, place))
}

export function samePlace(a: Place | undefined, b: Place): boolean {
  return a !== undefined && a.pom === b.pom && a.value.start === b.value.start
}

/** Those of the versions that all who share the place have as well; one of which nothing is known has a say in none. */
export async function versionsOfAll(
  versions: readonly string[],
  sharers: readonly Declaration[],
  versionsOf: (one: Declaration) => Promise<readonly string[]>,
): Promise<readonly string[]> {
  const others = (await Promise.all(sharers.map(versionsOf))).filter(({ length }) => length > 0)
  return versions.filter((version) => others.every((known) => known.includes(version)))
}
