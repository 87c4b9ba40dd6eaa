import type { ResolvedPlace } from './events.ts'

/** `packages/a/package.json: 2.1.2 → 2.1.3, by catalog.ms in .yarnrc.yml (^2.1.3)`. */
export function placeLine({ manifest, before, after, by, note }: ResolvedPlace): string {
  const versions = before === after ? (after ?? 'none') : `${before ?? 'none'} → ${after ?? 'none'}`
  const more = [by === undefined ? undefined : `by ${by}`, note].filter((part) => part !== undefined)
  return `${manifest}: ${[versions, ...more].join(', ')}`
}
