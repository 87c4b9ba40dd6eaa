import { stripVTControlCharacters } from 'node:util'
import type { Gone } from '../broker/broker.ts'
import type { InstallWords } from '../ecosystems/installWords.ts'

/**
 * The package or version that a failed install could not get because there is none. A package that the registry does
 * not have is no cause where the log speaks of something else: optional ones are passed over.
 */
export function goneIn(
  { notFound, noVersion }: InstallWords,
  log: string,
  gone: readonly Gone[],
  host: string | undefined,
): Gone | undefined {
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
