import type { Warning } from './verdict.ts'

type Place = NonNullable<Warning['places']>[number]

/** Named in a message. */
const mostNamed = 5
/** Offered to be opened. */
const mostOpened = 20

/** `src/a.js:3, src/b.js:1 and 4 more`. */
export function placesText(places: readonly Place[]): string {
  const named = places.slice(0, mostNamed).map(({ path, line }) => `${path}:${line}`)
  const more = places.length - named.length
  return `${named.join(', ')}${more === 0 ? '' : ` and ${more} more`}`
}

/** A warning for a page on which its places are links: what it says without them, and they themselves. */
export function linkedWarning({ message, places = [] }: Pick<Warning, 'message' | 'places'>): {
  readonly text: string
  readonly places: readonly Place[]
  /** Places beyond those. */
  readonly more: number
} {
  if (places.length === 0) return { text: message, places, more: 0 }
  const shown = places.slice(0, mostOpened)
  return {
    text: message.replace(`: ${placesText(places)}`, () => ''),
    places: shown,
    more: places.length - shown.length,
  }
}

/** What a new try may be told of lines that no check ran; undefined for a warning about anything else. */
export function testWish({ code, places = [] }: Pick<Warning, 'code' | 'places'>): string | undefined {
  if (places.length === 0 || !/^(repair-)?not-run(:|$)/.test(code)) return undefined
  const [these, them] = places.length === 1 ? ['this line', 'it'] : ['these lines', 'them']
  return `No check runs ${these}: ${placesText(places)}. Add tests that run ${them}, and adapt what turns out not to work with the new version.`
}

/** Whether a line is one of those that warnings name: only they may be asked to be opened. */
export function isWarnedPlace(warnings: readonly Warning[], { path, line }: Place): boolean {
  return warnings.some(({ places = [] }) =>
    places.some((place) => place.path === path && place.line === line),
  )
}
