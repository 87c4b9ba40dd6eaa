import type { DependencyUpdate, Task } from '../../contract/task.ts'
import type { OpenRequest } from '../hosts/host.ts'

/** An open request that is about the same update, and whose it is. */
export interface SameUpdate {
  readonly request: OpenRequest
  /** `drydock` for one that came from us, wherever its session is. */
  readonly by: 'drydock' | 'renovate' | 'dependabot' | 'somebody'
}

/** Open requests for the update of the same package, ours first. */
export function sameUpdates(requests: readonly OpenRequest[], task: Task, to: string): readonly SameUpdate[] {
  if (task.kind !== 'dependency-update') return []
  const found = requests
    .filter((request) => isAbout(request, task, to))
    .map((request) => ({ request, by: whose(request) }))
  return found.toSorted((a, b) => Number(a.by !== 'drydock') - Number(b.by !== 'drydock'))
}

function whose({ branch, author }: OpenRequest): SameUpdate['by'] {
  if (branch.startsWith('drydock/')) return 'drydock'
  if (branch.startsWith('renovate/') || /^(self-hosted-)?renovate(\[bot\]|-bot)?$/i.test(author))
    return 'renovate'
  if (branch.startsWith('dependabot/') || /^dependabot(\[bot\]|-preview\[bot\])?$/i.test(author))
    return 'dependabot'
  return 'somebody'
}

/**
 * Ours name package and version in the branch; Dependabot's the package and its version (`left-pad-2.0.0`), Renovate's
 * the package and its major (`left-pad-2.x`); a person's title names both.
 */
function isAbout({ branch, title }: OpenRequest, task: DependencyUpdate, to: string): boolean {
  const major = /^\d+/.exec(to)?.[0] ?? to
  const [tool = '', ...folders] = branch.split('/')
  if (['drydock', 'renovate', 'dependabot'].includes(tool)) {
    const name = slug(task.package)
    // Scopes and folders are folders of Dependabot's branches: the name may be the last one or the last two.
    const ends = [1, 2].map((count) => slug(folders.slice(-count).join('-')))
    const names = [`${name}-${slug(to)}`, `${name}-${major}-x`]
    if (ends.some((end) => names.some((one) => isNamed(end, one)))) return true
  }
  const words = title.split(/[\s,;()`'"]+/)
  const versions = new Set([to, `v${to}`, `v${major}`])
  return words.includes(task.package) && words.some((word) => versions.has(word))
}

/** The name itself, or with what a second branch of it has at its end. */
function isNamed(end: string, name: string): boolean {
  return end === name || (end.startsWith(name) && /^-(\d+|lockfile)$/.test(end.slice(name.length)))
}

function slug(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
}
