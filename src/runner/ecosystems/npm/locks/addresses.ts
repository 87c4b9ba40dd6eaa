import { relayUrl, type Upstream } from '../../../broker/upstream.ts'
import { upstreamOf } from '../../../registries/npm/registry.ts'
import { type LockedPackage, tarballFile } from './lock.ts'

/** Which addresses in a lock file mean the user's own registries. */
export interface Registries {
  readonly upstreams: readonly Upstream[]
  readonly builtinRegistry: string
}

/** Address of a package at the relay. */
export type Address = (entry: Pick<LockedPackage, 'name' | 'version'>) => string

export function addressOf(registries: Registries): Address {
  return ({ name, version }) =>
    `${relayUrl(upstreamOf(registries.upstreams, name))}${name}/-/${tarballFile(name, version)}`
}

/** Where the lock file's own addresses of an upstream begin; the registry's address where it has none. */
export function usualPrefix(before: readonly LockedPackage[], name: string, registries: Registries): string {
  const counts = new Map<string, number>()
  const upstream = upstreamOf(registries.upstreams, name)
  for (const entry of before) {
    if (entry.resolved === undefined || upstreamOf(registries.upstreams, entry.name) !== upstream) continue
    const tail = `${entry.name}/-/${tarballFile(entry.name, entry.version)}`
    const plain = entry.resolved.replace(/#.*$/, '')
    if (!plain.endsWith(`/${tail}`)) continue
    const prefix = plain.slice(0, -tail.length)
    counts.set(prefix, (counts.get(prefix) ?? 0) + 1)
  }
  const [most] = [...counts].sort((a, b) => b[1] - a[1])
  return most?.[0] ?? upstream.url
}
