import { posix } from 'node:path'
import { failures } from '../../../../contract/failures.ts'
import { relayOrigin } from '../../../broker/upstream.ts'
import { type Address, type Registries, usualPrefix } from './addresses.ts'
import { identity, type LockedPackage } from './lock.ts'
import { isExternal, type NpmLockFile, nameAt, parseNpmLock, readNpmLock } from './npmLock.ts'

/** Gives every package its address at the relay: npm then needs no metadata to install it. */
export function npmToRelay(text: string, address: Address, project = ''): string {
  const lock = parseNpmLock('package-lock.json', text)
  for (const [location, entry] of Object.entries(lock.packages)) {
    const folder = entry.link === true ? entry.resolved : /^file:(.*)/.exec(entry.resolved ?? '')?.[1]
    if (
      escapes(location, project) ||
      (folder !== undefined && escapes(folder, project)) ||
      (entry.link && !folder)
    )
      throw failures.specifierNotAllowed(nameAt(location, entry), entry.resolved ?? location, 'The lock file')
    if (!isExternal(location, entry) || entry.version === undefined) continue
    entry.resolved = address({ name: nameAt(location, entry), version: entry.version })
  }
  // The part for npm 6 is written anew from `packages`.
  return print(lock, text)
}

/** Out of the repository, `project` being the folder in it that the lock file is in. */
function escapes(target: string, project: string): boolean {
  return posix.join(project, target).startsWith('..') || /^(\/|[a-z]:)/i.test(target)
}

/** Puts back the addresses that were there; new packages get the prefix that the others have, or none. */
export function npmFromRelay(
  before: string | undefined,
  after: string,
  registries: Registries,
  omitResolved: boolean,
): string {
  const old = before === undefined ? [] : readNpmLock('package-lock.json', before).packages
  const external = old.filter((entry) => !entry.local)
  const known = new Map(external.map((entry) => [identity(entry), entry]))
  // What comes from git has its address in any case.
  const registry = external.filter(({ resolved }) => resolved === undefined || /^https?:/.test(resolved))
  const omits =
    omitResolved || (registry.length > 0 && registry.every(({ resolved }) => resolved === undefined))
  const restore = (entry: Resolvable, id: Pick<LockedPackage, 'name' | 'version'>): void => {
    if (entry.resolved?.startsWith(`${relayOrigin}/`) !== true) return
    const resolved = known.has(identity(id))
      ? known.get(identity(id))?.resolved
      : omits
        ? undefined
        : usualPrefix(external, id.name, registries) + withoutUpstream(entry.resolved)
    if (resolved === undefined) delete entry.resolved
    else entry.resolved = resolved
  }
  const lock = parseNpmLock('package-lock.json', after)
  for (const [location, entry] of Object.entries(lock.packages))
    restore(entry, { name: nameAt(location, entry), version: entry.version ?? '' })
  restoreLegacy(lock.dependencies, restore)
  return print(lock, after)
}

interface Resolvable {
  resolved?: string | undefined
}

type Restore = (entry: Resolvable, id: Pick<LockedPackage, 'name' | 'version'>) => void

/** lockfileVersion 2 repeats everything as a tree for npm 6. */
function restoreLegacy(dependencies: unknown, restore: Restore): void {
  if (typeof dependencies !== 'object' || dependencies === null) return
  for (const [key, value] of Object.entries(dependencies as Record<string, unknown>)) {
    if (typeof value !== 'object' || value === null) continue
    const entry = value as Resolvable & { version?: string; dependencies?: unknown }
    const alias = /^npm:((?:@[^/]+\/)?[^@]+)@(.+)$/.exec(entry.version ?? '')
    restore(entry, { name: alias?.[1] ?? key, version: alias?.[2] ?? entry.version ?? '' })
    restoreLegacy(entry.dependencies, restore)
  }
}

/** `http://127.0.0.1:4873/npm/left-pad/-/…` to `left-pad/-/…`. */
function withoutUpstream(address: string): string {
  return address.slice(relayOrigin.length + 1).replace(/^[^/]+\//, '')
}

/** JSON in the indentation and line ends that the text had. */
function print(lock: NpmLockFile, like: string): string {
  const indent = /^[ \t]+(?=")/m.exec(like)?.[0] ?? '  '
  const newline = like.includes('\r\n') ? '\r\n' : '\n'
  const end = like.endsWith('\n') ? newline : ''
  return JSON.stringify(lock, undefined, indent).replaceAll('\n', newline) + end
}
