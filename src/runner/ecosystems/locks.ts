import type { Project } from './project.ts'

/** Whether lock files decide and the tree has none: an install makes them, and everything else starts from those. */
export function makesLocks({ versionsIn, locks }: Pick<Project, 'versionsIn' | 'locks'>): boolean {
  return versionsIn === 'locks' && locks.length === 0
}
