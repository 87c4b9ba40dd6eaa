import { identity, type Lock } from './locks/lock.ts'
import { groupKeys, type ManifestFile } from './manifest.ts'

/**
 * The shortest way from a manifest to a package: `package.json`, `tool@1.0.0`. Empty where nothing that is known
 * leads there.
 */
export function neededBy(manifests: readonly ManifestFile[], lock: Lock, wanted: string): readonly string[] {
  const edges = new Map<string, Set<string>>()
  const labels = new Map<string, string>()
  for (const entry of lock.packages) {
    labels.set(entry.name, identity(entry))
    edges.set(entry.name, new Set([...(edges.get(entry.name) ?? []), ...entry.requires]))
  }
  const pending = manifests.map((file) => ({ way: [file.path], next: declaredIn(file) }))
  const seen = new Set<string>()
  for (let step = pending.shift(); step !== undefined; step = pending.shift()) {
    const { way, next } = step
    if (next.includes(wanted)) return way
    for (const name of next) {
      if (seen.has(name)) continue
      seen.add(name)
      pending.push({ way: [...way, labels.get(name) ?? name], next: [...(edges.get(name) ?? [])] })
    }
  }
  return []
}

function declaredIn({ manifest }: ManifestFile): string[] {
  return groupKeys.flatMap((group) => Object.keys(manifest[group] ?? {}))
}
