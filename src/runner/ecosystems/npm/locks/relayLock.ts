import { failures } from '../../../../contract/failures.ts'
import { relayOrigin } from '../../../broker/upstream.ts'
import { type Address, addressOf, type Registries } from './addresses.ts'
import { readLock } from './index.ts'
import { likeNewlines, unixNewlines } from './layout.ts'
import { identity, type LockedPackage } from './lock.ts'
import { npmFromRelay, npmToRelay } from './relayNpm.ts'
import { pnpmFromRelay, pnpmToRelay } from './relayPnpm.ts'
import { yarnFromRelay, yarnToRelay } from './relayYarn.ts'

/** A lock file as the install container gets it: every package comes through the relay. */
export interface RelayLock {
  readonly text: string
  /** Integrity by path at the relay. */
  readonly pins: ReadonlyMap<string, string>
  /** Packages by host, of hosts that the lock file names and the user's configuration does not; they are never contacted. */
  readonly foreignHosts: ReadonlyMap<string, number>
  /** `name@version` of packages without an integrity. */
  readonly unpinned: readonly string[]
  /** `name@version` of packages whose integrity is one that can be forged. */
  readonly weak: readonly string[]
  readonly packages: number
}

/** Throws `registry-not-allowed` where a package comes from anywhere but a registry, or unchecked from a foreign one. */
export function toRelay(path: string, written: string, registries: Registries): RelayLock {
  const text = unixNewlines(written)
  const external = readLock(path, text).packages.filter((entry) => !entry.local)
  const address = addressOf(registries)
  const foreign = new Map<string, number>()
  const pins = new Map<string, string>()
  for (const entry of external) {
    const host = foreignHost(entry, registries, path)
    if (host !== undefined) foreign.set(host, (foreign.get(host) ?? 0) + 1)
    if (entry.integrity !== undefined) pins.set(address(entry).slice(relayOrigin.length), entry.integrity)
  }
  const unpinned = external.filter((entry) => entry.integrity === undefined && carriesIntegrity(path, text))
  const weak = external.filter(
    ({ integrity }) => integrity !== undefined && !/sha(256|384|512)-/.test(integrity),
  )
  return {
    text: converter(path).to(text, address),
    pins,
    foreignHosts: foreign,
    unpinned: [...new Set(unpinned.map(identity))],
    weak: [...new Set(weak.map(identity))],
    packages: new Set(external.map(identity)).size,
  }
}

/** A written lock file as the user's own package manager would have it. */
export function fromRelay(
  path: string,
  before: string | undefined,
  after: string,
  registries: Registries,
  omitResolved: boolean,
): string {
  const plain = before === undefined ? undefined : unixNewlines(before)
  const written = converter(path).from(plain, unixNewlines(after), registries, omitResolved)
  return before === undefined ? written : likeNewlines(written, before)
}

interface Converter {
  to(text: string, address: Address): string
  from(before: string | undefined, after: string, registries: Registries, omitResolved: boolean): string
}

function converter(path: string): Converter {
  if (path.endsWith('.json')) return { to: npmToRelay, from: npmFromRelay }
  if (path.endsWith('pnpm-lock.yaml')) return { to: pnpmToRelay, from: pnpmFromRelay }
  return { to: yarnToRelay, from: yarnFromRelay }
}

/** Berry's checksums are of its own archives, so its packages are checked by the registry's integrity. */
function carriesIntegrity(path: string, text: string): boolean {
  return !(path.endsWith('yarn.lock') && /^__metadata:/m.test(text))
}

function foreignHost(entry: LockedPackage, registries: Registries, path: string): string | undefined {
  const { resolved } = entry
  if (resolved === undefined || resolved.startsWith('npm:') || resolved.startsWith('patch:')) return undefined
  if (!/^https?:\/\//.test(resolved)) throw failures.specifierNotAllowed(entry.name, resolved, path)
  const { origin, host } = new URL(resolved)
  const known = [...registries.upstreams.map(({ url }) => url), registries.builtinRegistry]
  if (known.some((url) => URL.canParse(url) && new URL(url).origin === origin)) return undefined
  if (entry.integrity === undefined) throw failures.registryNotAllowed(host)
  return host
}
