import type { SessionView } from '../../contract/sessionView.ts'

/** `drydock/<package>-<version>`, or `drydock/<kind>-<session>`, in characters that every host takes. */
export function branchName({ task, to }: SessionView): string {
  const wish =
    task.kind === 'dependency-update' ? `${task.package}-${to ?? task.requested}` : `${task.kind}-${task.id}`
  const name = wish
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/\.{2,}/g, '.')
    .replace(/-{2,}/g, '-')
    .slice(0, 100)
    .replace(/^[.-]+|[.-]+$|\.lock$/g, '')
  return `drydock/${name === '' ? task.id : name}`
}

/** The first of `name`, `name-2`, … that is not taken. */
export function freeBranch(name: string, taken: ReadonlySet<string>): string {
  if (!taken.has(name)) return name
  for (let number = 2; ; number += 1) if (!taken.has(`${name}-${number}`)) return `${name}-${number}`
}
