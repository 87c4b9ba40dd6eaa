import { relayOrigin, relayUrl } from '../../../broker/upstream.ts'
import type { Address, Registries } from './addresses.ts'
import { identity } from './lock.ts'
import { readPnpmLock } from './pnpmLock.ts'

const tarballField = /(\btarball: )('?)([^'},\s]+)\2/g
const checksumLine = /^pnpmfileChecksum:.*\n\n?/m

/** pnpm writes an address only where it is not the usual one; `.pnpmfile.cjs` is withheld, and its checksum. */
export function pnpmToRelay(text: string, address: Address): string {
  const byResolved = new Map(
    readPnpmLock('pnpm-lock.yaml', text).packages.map((entry) => [entry.resolved, entry]),
  )
  return text
    .replaceAll(tarballField, (field, start: string, quote: string, url: string) => {
      const entry = byResolved.get(url)
      return entry === undefined || entry.local ? field : `${start}${quote}${address(entry)}${quote}`
    })
    .replace(checksumLine, '')
}

export function pnpmFromRelay(before: string | undefined, after: string, registries: Registries): string {
  const old = before === undefined ? [] : readPnpmLock('pnpm-lock.yaml', before).packages
  const known = new Map(old.map((entry) => [identity(entry), entry.resolved]))
  const byResolved = new Map(
    readPnpmLock('pnpm-lock.yaml', after).packages.map((entry) => [entry.resolved, entry]),
  )
  const restored = after.replaceAll(tarballField, (field, start: string, quote: string, url: string) => {
    const entry = byResolved.get(url)
    if (entry === undefined || !url.startsWith(`${relayOrigin}/`)) return field
    return `${start}${quote}${known.get(identity(entry)) ?? atRegistry(url, registries)}${quote}`
  })
  const checksum = checksumLine.exec(before ?? '')?.[0]
  // pnpm keeps it between `overrides` and `importers`.
  return checksum === undefined ? restored : restored.replace(/^importers:/m, `${checksum}importers:`)
}

function atRegistry(url: string, registries: Registries): string {
  const upstream = registries.upstreams.find((candidate) => url.startsWith(relayUrl(candidate)))
  return upstream === undefined ? url : upstream.url + url.slice(relayUrl(upstream).length)
}
