import { groupKeys, type ManifestFile } from './manifest.ts'

/** Names and specifiers as they are written, those that stand in for others included. */
export function specifiersOf({
  document,
}: Pick<ManifestFile, 'document'>): readonly (readonly [string, string])[] {
  const { overrides, resolutions, pnpm } = document
  const inPnpm = typeof pnpm === 'object' && pnpm !== null && 'overrides' in pnpm ? pnpm.overrides : undefined
  const groups = groupKeys.map((group) => document[group])
  return [...groups, overrides, resolutions, inPnpm].flatMap((group) => nestedSpecifiers('', group))
}

/** A replacement may hold others, and say of itself under a dot. */
export function nestedSpecifiers(name: string, value: unknown): readonly (readonly [string, string])[] {
  if (typeof value === 'string') return [[name, value]]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) => nestedSpecifiers(key === '.' ? name : key, inner))
}
