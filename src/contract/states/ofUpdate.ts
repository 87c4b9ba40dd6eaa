import type { SessionView } from '../sessionView.ts'

/**
 * Why a file of the patch is not a reviewer's to drop. `update`: it declares the package which the session updates, and
 * without it there is no update any more. `written`: a lock file, which the package manager writes again from the
 * manifests whatever is left out of it.
 */
export type Kept = 'update' | 'written'

/** Undefined where it may be dropped. Of what is kept as `update` a part may go, of what is `written` none. */
export function keptInDrop({ task, places = [], patch }: SessionView, path: string): Kept | undefined {
  const files = patch?.files ?? []
  const role = files.find((one) => one.path === path)?.role
  const isUpdate = task.kind === 'dependency-update'
  if (role === 'lockfile')
    return isUpdate || files.some((one) => one.role === 'manifest') ? 'written' : undefined
  if (!isUpdate || role !== 'manifest') return undefined
  // Older logs do not say where it was read back: there every manifest counts.
  return places.length === 0 || places.some(({ manifest }) => manifest === path) ? 'update' : undefined
}
