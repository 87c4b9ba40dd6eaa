import { posix } from 'node:path'
import type { Affected } from '../check.ts'
import { type Pom, sectionsOf } from './pom/pom.ts'
import { activePoms, type Reactor } from './pom/reactor.ts'

/**
 * The modules that a change of these paths can matter to: those it lies in, those that need them, and what these need in
 * turn. Undefined where that is all, or where a path belongs to no module with code.
 */
export function affected(
  reactor: Reactor,
  profiles: readonly string[],
  paths: readonly string[],
): Affected | undefined {
  const modules = [...activePoms(reactor, profiles)].filter(({ packaging }) => packaging !== 'pom')
  const touched = new Set<Pom>()
  for (const path of paths) {
    const owner = ownerOf(modules, path)
    if (owner === undefined) return undefined
    touched.add(owner)
  }
  const needed = new Map(modules.map((pom) => [pom, needs(modules, pom)]))
  const reached = grow(touched, (pom) => modules.filter((other) => needed.get(other)?.includes(pom)))
  const all = grow(reached, (pom) => needed.get(pom) ?? [])
  if (all.size === 0 || all.size === modules.length) return undefined
  return {
    modules: [...all].map(({ path }) => posix.dirname(path)),
    covers: (path) => {
      const owner = ownerOf(modules, path)
      return owner !== undefined && all.has(owner)
    },
  }
}

/** The module in the deepest folder above a path. */
function ownerOf(modules: readonly Pom[], path: string): Pom | undefined {
  const above = modules.filter((pom) => {
    const folder = posix.dirname(pom.path)
    return folder === '.' || path.startsWith(`${folder}/`)
  })
  return above.sort((a, b) => posix.dirname(b.path).length - posix.dirname(a.path).length)[0]
}

/** Modules of the build that one names: as dependency, plugin or dependency of a plugin. */
function needs(modules: readonly Pom[], pom: Pom): Pom[] {
  const named = sectionsOf(pom).flatMap(({ dependencies, plugins }) => [
    ...dependencies,
    ...plugins,
    ...plugins.flatMap((plugin) => plugin.dependencies),
  ])
  const names = new Set(named.map(({ artifactId }) => artifactId))
  return modules.filter((other) => other !== pom && names.has(other.artifactId))
}

function grow(start: ReadonlySet<Pom>, next: (pom: Pom) => readonly Pom[]): Set<Pom> {
  const found = new Set(start)
  // A set hands out what is added while it is walked.
  for (const pom of found) for (const other of next(pom)) found.add(other)
  return found
}
