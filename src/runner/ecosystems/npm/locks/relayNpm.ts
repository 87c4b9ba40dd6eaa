import { posix } from 'node:path'
import { failures } from '../../../../contract/failures.ts'
import { relayOrigin } from '../../../broker/upstream.ts'
import { type Address, type Registries, usualPrefix } from './addresses.ts'
import { printJson } from './layout.ts'
import { identity, type LockedPackage } from './lock.ts'
import { isExternal, type NpmLockFile, nameAt, parseNpmLock, readNpmLock } from './npmLock.ts'
import { idOf, isLocal, type NpmTree, sortedLike, treeEntries } from './npmTree.ts'

/** Gives every package its address at the relay: npm then needs no metadata to install it. */
export function npmToRelay(text: string, address: Address): string {
  const { form, lock } = parseNpmLock('package-lock.json', text)
  if (form === 'tree') treeToRelay(lock, address)
  else locationsToRelay(lock, address)
  return printJson(lock, text)
}

function locationsToRelay(lock: NpmLockFile, address: Address): void {
  for (const [location, entry] of Object.entries(lock.packages)) {
    const folder = entry.link === true ? entry.resolved : /^file:(.*)/.exec(entry.resolved ?? '')?.[1]
    if (location.startsWith('..') || (folder !== undefined && escapes(folder)) || (entry.link && !folder))
      throw failures.specifierNotAllowed(nameAt(location, entry), entry.resolved ?? location, 'The lock file')
    if (!isExternal(location, entry) || entry.version === undefined) continue
    entry.resolved = address({ name: nameAt(location, entry), version: entry.version })
  }
  // The part for npm 6 is written anew from `packages`.
}

function treeToRelay(tree: NpmTree, address: Address): void {
  for (const [key, entry] of treeEntries(tree)) {
    const folder = /^file:(.*)/.exec(entry.version)?.[1]
    if (folder !== undefined && escapes(folder))
      throw failures.specifierNotAllowed(key, entry.version, 'The lock file')
    if (!isLocal(entry)) entry.resolved = address(idOf(key, entry))
  }
}

function escapes(target: string): boolean {
  return posix.normalize(target).startsWith('..') || /^(\.\.(\/|$)|\/|[a-z]:)/i.test(target)
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
  const omits =
    omitResolved || (external.length > 0 && external.every(({ resolved }) => resolved === undefined))
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
  const { form, lock } = parseNpmLock('package-lock.json', after)
  if (form === 'locations')
    for (const [location, entry] of Object.entries(lock.packages))
      restore(entry, { name: nameAt(location, entry), version: entry.version ?? '' })
  // lockfileVersion 2 repeats everything as a tree for npm 6.
  for (const [key, entry] of treeEntries(lock as NpmTree)) restore(entry, idOf(key, entry))
  return printJson(form === 'tree' ? inOrder(lock, before) : lock, before ?? after)
}

interface Resolvable {
  resolved?: string | undefined
}

function inOrder(tree: NpmTree, before: string | undefined): NpmTree {
  const was = before === undefined ? undefined : parseNpmLock('package-lock.json', before)
  return was?.form === 'tree' ? sortedLike(tree, was.lock) : tree
}

/** `http://127.0.0.1:4873/npm/left-pad/-/…` to `left-pad/-/…`. */
function withoutUpstream(address: string): string {
  return address.slice(relayOrigin.length + 1).replace(/^[^/]+\//, '')
}
