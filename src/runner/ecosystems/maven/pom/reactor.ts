import { posix } from 'node:path'
import { failures } from '../../../../contract/failures.ts'
import type { Tree } from '../../project.ts'
import { type Pom, readPom, sectionsOf } from './pom.ts'

/** The POMs of one build in a tree. */
export interface Reactor {
  /** The aggregator first. */
  readonly poms: readonly Pom[]
  readonly byPath: ReadonlyMap<string, Pom>
  /** By `artifactId`, for members; groups may be inherited. */
  isMember(groupId: string | undefined, artifactId: string): boolean
}

const maxModules = 2000

/** Reads `pom.xml` at the root and everything it names; undefined where there is none. Throws `no-manifest`. */
export async function loadReactor(tree: Tree): Promise<Reactor | undefined> {
  const byPath = new Map<string, Pom>()
  const pending = ['pom.xml']
  for (let path = pending.shift(); path !== undefined; path = pending.shift()) {
    if (byPath.has(path) || byPath.size >= maxModules) continue
    const bytes = await tree.read(path)
    if (bytes === undefined) continue
    const pom = read(path, bytes)
    byPath.set(path, pom)
    if (pom.parent?.path !== undefined) pending.push(pom.parent.path)
    for (const { modules } of sectionsOf(pom)) {
      for (const name of modules) pending.push(modulePath(path, name))
    }
  }
  if (byPath.size === 0) return undefined
  const poms = [...byPath.values()]
  const members = new Set(poms.map(({ groupId, artifactId }) => `${groupId}:${artifactId}`))
  const aliases = new Set(poms.map(({ artifactId }) => `\${project.groupId}:${artifactId}`))
  return {
    poms,
    byPath,
    isMember: (groupId, artifactId) => {
      const name = `${groupId}:${artifactId}`
      return members.has(name) || aliases.has(name)
    },
  }
}

/**
 * The POMs that a build of the root takes part in, with these profiles: what other profiles add counts only where it is
 * active by default, as a condition of a machine cannot be told from here.
 */
export function activePoms({ poms, byPath }: Reactor, profiles: readonly string[]): ReadonlySet<Pom> {
  const found = new Set(poms.slice(0, 1))
  // A set hands out what is added while it is walked.
  for (const pom of found) {
    const named = pom.profiles.some(({ profile }) => profiles.includes(profile ?? ''))
    for (const { profile, activeByDefault, modules } of sectionsOf(pom)) {
      if (profile !== undefined && !profiles.includes(profile) && (named || !activeByDefault)) continue
      for (const name of modules) {
        const member = byPath.get(modulePath(pom.path, name))
        if (member !== undefined) found.add(member)
      }
    }
  }
  return found
}

function read(path: string, bytes: Buffer): Pom {
  try {
    return readPom(path, bytes, true)
  } catch (error) {
    throw failures.badManifest(path, error instanceof Error ? error.message : String(error))
  }
}

export function modulePath(of: string, name: string): string {
  const target = posix.normalize(posix.join(posix.dirname(of), name.replaceAll('\\', '/')))
  return target.endsWith('.xml') ? target : posix.join(target, 'pom.xml')
}
