import type { DroppedPart } from '../../contract/reviewView.ts'

/** With one part more left out; a whole file takes the place of its hunks. */
export function drop(parts: readonly DroppedPart[], part: DroppedPart): readonly DroppedPart[] {
  if (parts.some(({ path, hunk }) => path === part.path && (hunk === undefined || hunk === part.hunk))) {
    return parts
  }
  const others = part.hunk === undefined ? parts.filter(({ path }) => path !== part.path) : parts
  return [...others, part]
}

/** With one part kept after all; keeping a file keeps its hunks. */
export function keep(parts: readonly DroppedPart[], part: DroppedPart): readonly DroppedPart[] {
  return parts.filter(
    ({ path, hunk }) =>
      path !== part.path || (part.hunk !== undefined && hunk !== undefined && hunk !== part.hunk),
  )
}
