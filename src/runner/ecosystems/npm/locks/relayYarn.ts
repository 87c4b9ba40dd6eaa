import { relayOrigin } from '../../../broker/upstream.ts'
import { type Address, type Registries, usualPrefix } from './addresses.ts'
import { identity } from './lock.ts'
import { readYarnLock } from './yarnLock.ts'

/** The fragment is a sha1, or `undefined` where the registry names none. */
const resolvedLine = /^( {2}resolved ")([^"#]+)(#[^"]*)?(")$/gm

/** Classic: every `resolved` line to the relay. Berry names no addresses but where the registry is unusual. */
export function yarnToRelay(text: string, address: Address): string {
  const byResolved = new Map(
    readYarnLock('yarn.lock', text).packages.map((entry) => [entry.resolved?.replace(/#.*$/, ''), entry]),
  )
  return text
    .replaceAll(resolvedLine, (line, start: string, url: string, hash: string | undefined, end: string) => {
      const entry = byResolved.get(url)
      return entry === undefined || entry.local ? line : `${start}${address(entry)}${hash ?? ''}${end}`
    })
    .replaceAll(/::__archiveUrl=[^"&\s]+/g, '')
}

/** Puts back the addresses that were there; new packages get the prefix that the others have. */
export function yarnFromRelay(before: string | undefined, after: string, registries: Registries): string {
  const old = before === undefined ? [] : readYarnLock('yarn.lock', before).packages
  const known = new Map(old.map((entry) => [identity(entry), entry.resolved?.replace(/#.*$/, '')]))
  const byResolved = new Map(
    readYarnLock('yarn.lock', after).packages.map((entry) => [entry.resolved?.replace(/#.*$/, ''), entry]),
  )
  return after.replaceAll(
    resolvedLine,
    (line, start: string, url: string, hash: string | undefined, end: string) => {
      const entry = byResolved.get(url)
      if (entry === undefined || !url.startsWith(`${relayOrigin}/`)) return line
      const tail = url.slice(relayOrigin.length + 1).replace(/^[^/]+\//, '')
      const restored = known.get(identity(entry)) ?? usualPrefix(old, entry.name, registries) + tail
      return `${start}${restored}${hash ?? ''}${end}`
    },
  )
}
