/** Subjects of a repository's own commits that are looked at. */
export const mostSubjects = 100

const conventional = /^([a-z]+)(\([^()\s]+\))?!?: \S/
const types = new Set('build chore ci deps docs feat fix perf refactor revert style test'.split(' '))
const aboutDependencies = /\b(bump|update|upgrade|dependenc(y|ies)|deps)\b/i

function prefixOf(subject: string): string | undefined {
  const [, type = '', scope = ''] = conventional.exec(subject) ?? []
  return types.has(type) ? `${type}${scope}` : undefined
}

function mostFrequent(values: readonly string[]): string | undefined {
  const counts = new Map<string, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return [...counts].toSorted((a, b) => b[1] - a[1])[0]?.[0]
}

/**
 * The prefix that a dependency update has in this history, such as `chore(deps)`; undefined where fewer than half of
 * its commits are conventional (conventionalcommits.org), or there are too few to tell a habit.
 */
export function conventionalPrefix(subjects: readonly string[]): string | undefined {
  const fewest = 3
  const prefixes = subjects.flatMap((subject) => prefixOf(subject) ?? [])
  if (subjects.length < fewest || prefixes.length * 2 <= subjects.length) return undefined
  return updatePrefix(subjects)
}

/** The same where somebody says that it is the habit, whatever the history says. */
export function updatePrefix(subjects: readonly string[]): string {
  const updates = subjects.filter((subject) => aboutDependencies.test(subject))
  const own = updates.flatMap((subject) => prefixOf(subject) ?? [])
  return mostFrequent(own) ?? 'chore(deps)'
}

/** `Update a from 1 to 2` → `chore(deps): update a from 1 to 2`. */
export function withPrefix(prefix: string, title: string): string {
  const [first = '', second = ''] = title
  // A word of capitals stays one.
  const rest = second === second.toLowerCase() ? `${first.toLowerCase()}${title.slice(1)}` : title
  return `${prefix}: ${rest}`
}
