import { closestMatch } from 'leven'

/**
 * The declared name that somebody who wrote `name` most likely means: the same without its scope or group, else one
 * that differs in few letters.
 */
export function nearestName(name: string, declared: readonly string[]): string | undefined {
  const last = (one: string): string | undefined => one.split(/[/:]/).at(-1)
  const same = declared.find((one) => last(one) === last(name))
  // Two of three letters are another word, and a long name has room for more than slips.
  const maxDistance = Math.min(3, Math.floor(name.length / 3))
  return same ?? closestMatch(name, declared, { maxDistance })
}
