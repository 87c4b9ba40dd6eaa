import { posix } from 'node:path'
import type { Coordinates } from '../../../registries/maven/coordinates.ts'

/** A jar of the repository that was installed. */
export interface InstalledJar {
  /** Beneath the repository: `org/yaml/snakeyaml/2.0/snakeyaml-2.0.jar`. */
  readonly path: string
  readonly coordinates: Coordinates
  readonly classifier: string | undefined
}

const maxJars = 20_000
const maxTold = 20

/** Reads a listing of paths; what does not lie as Maven lays it out is left out. */
export function installedJars(listing: string): readonly InstalledJar[] {
  const lines = listing.split('\n').slice(0, maxJars)
  return lines.flatMap((line) => {
    const path = line.replace(/^\.\//, '')
    const [file = '', version = '', artifactId = '', ...group] = path.split('/').reverse()
    const start = `${artifactId}-${version}`
    const [, classifier] = /^(?:-(.+))?\.jar$/.exec(file.slice(start.length)) ?? [undefined, undefined]
    if (group.length === 0 || !file.startsWith(start) || !file.endsWith('.jar')) return []
    return [{ path, coordinates: { groupId: group.reverse().join('.'), artifactId, version }, classifier }]
  })
}

/** What a jar may be called, besides its path. */
function namesOf({ path, coordinates: { groupId, artifactId, version } }: InstalledJar): readonly string[] {
  return [
    posix.basename(path),
    `${artifactId}.jar`,
    `${groupId}:${artifactId}.jar`,
    `${groupId}:${artifactId}:${version}.jar`,
  ]
}

/** The jar that a path or name means, or what to say where that is none or more than one. */
export function jarOf(
  jars: readonly InstalledJar[],
  wanted: string,
): InstalledJar | { readonly refused: string } {
  const byPath = jars.find(({ path }) => wanted === path || wanted.endsWith(`/${path}`))
  if (byPath !== undefined) return byPath
  const name = posix.basename(wanted)
  const [first, ...others] = jars.filter((jar) => namesOf(jar).includes(name) && isMain(jar, name))
  if (first !== undefined && others.length === 0) return first
  if (first !== undefined) return { refused: `${name} may be ${told([first, ...others])}: name one of them` }
  const word = name.replace(/\.jar$/i, '').replace(/^.*:(?=[^\d])|[-:]\d.*$/g, '')
  const alike = jars.filter(({ coordinates }) => coordinates.artifactId.includes(word))
  const hint = alike.length === 0 ? '' : `; there are ${told(alike)}`
  return { refused: `no jar ${name} is installed${hint}` }
}

/** Without a version it is not the one of tests or of another platform that is meant. */
function isMain({ path, classifier }: InstalledJar, name: string): boolean {
  return classifier === undefined || posix.basename(path) === name
}

function told(jars: readonly InstalledJar[]): string {
  const files = jars.map(({ path }) => posix.basename(path)).sort()
  const more = files.length > maxTold ? [`${files.length - maxTold} more`] : []
  return [...files.slice(0, maxTold), ...more].join(', ')
}
