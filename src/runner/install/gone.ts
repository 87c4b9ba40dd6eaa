import { stripVTControlCharacters } from 'node:util'
import type { Gone } from '../broker/broker.ts'

const notFound =
  /\bE404\b|\bERR_PNPM_FETCH_404\b|\bYN0035\b|\bYN0001\b.*404|Request failed "404|returned a 404|404 Not Found|Not found/i

/** A version that no registry has, as each package manager says it; a range where that is what was asked for. */
const noVersion: readonly RegExp[] = [
  /No matching version found for (?<name>(?:@[^/\s@]+\/)?[^/\s@]+)@(?:npm:)?(?<range>[^\s]+?)\.?(?: inside| while|\s|$)/m,
  /Couldn't find any versions for "(?<name>[^"]+)" that matches "(?<range>[^"]+)"/,
  /(?<name>(?:@[^/\s@]+\/)?[^/\s@]+)@npm:(?<range>\S+): No candidates found/,
]

/**
 * The package or version that a failed install could not get because there is none. A package that the registry does
 * not have is no cause where the log speaks of something else: optional ones are passed over.
 */
export function goneIn(log: string, gone: readonly Gone[], host: string | undefined): Gone | undefined {
  const plain = stripVTControlCharacters(log)
  const spoken = plain.replaceAll(/%2f/gi, '/')
  const asked = gone.find(({ subject }) => spoken.includes(nameOf(subject)))
  if (asked !== undefined && notFound.test(plain)) return asked
  for (const pattern of noVersion) {
    const { name, range } = pattern.exec(plain)?.groups ?? {}
    if (name !== undefined) return { subject: `${name}@${range}`, host: host ?? 'that is configured' }
  }
  return undefined
}

/** `@scope/name@1.0.0` to `@scope/name`. */
export function nameOf(subject: string): string {
  const at = subject.indexOf('@', 1)
  return at === -1 ? subject : subject.slice(0, at)
}
