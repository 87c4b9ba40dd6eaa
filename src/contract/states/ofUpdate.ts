import type { SessionView } from '../sessionView.ts'

/** Manifests of the patch that declare the package which the session updates: without them it is no update any more. */
export function holdsUpdate({ task, places = [], patch }: SessionView, path: string): boolean {
  if (task.kind !== 'dependency-update') return false
  const file = patch?.files.find((one) => one.path === path)
  if (file?.role !== 'manifest') return false
  // Older logs do not say where it was read back: there every manifest counts.
  return places.length === 0 || places.some(({ manifest }) => manifest === path)
}
