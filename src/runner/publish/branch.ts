import type { SessionView } from '../../contract/sessionView.ts'

/** `drydock/<package>-<version>`, or `drydock/<kind>-<session>`, in characters that every host takes. */
export function branchName({ task, to }: SessionView): string {
  const wish =
    task.kind === 'dependency-update' ? `${task.package}-${to ?? task.requested}` : `${task.kind}-${task.id}`
  const name = partOf(wish)
  return `drydock/${name === '' ? task.id : name}`
}

function partOf(wish: string): string {
  return wish
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/\.{2,}/g, '.')
    .replace(/-{2,}/g, '-')
    .slice(0, 100)
    .replace(/^[.-]+|[.-]+$|\.lock$/g, '')
}

/** A name in such characters, its folders kept; empty where nothing of it is left. */
export function sanitised(wish: string): string {
  return wish
    .split('/')
    .map(partOf)
    .filter((part) => part !== '')
    .slice(0, 10)
    .join('/')
}

/** The first of `name`, `name-2`, … that is not taken. */
export function freeBranch(name: string, taken: ReadonlySet<string>): string {
  if (!taken.has(name)) return name
  for (let number = 2; ; number += 1) if (!taken.has(`${name}-${number}`)) return `${name}-${number}`
}

/** Those that `freeBranch` may have given for a name. */
export function branchesLike(name: string, branches: Iterable<string>): readonly string[] {
  return [...branches].filter(
    (one) => one === name || (one.startsWith(`${name}-`) && /^\d+$/.test(one.slice(name.length + 1))),
  )
}
