import semver from 'semver'
import type { Manifest } from '../manifest.ts'
import type { Installed } from './installed.ts'

/** The newest Node that a project of some time can be expected to run on, and what says so. */
export interface Era {
  readonly major: number
  readonly source: string
}

/**
 * Packages that stopped working with a later Node, each with the newest that still runs what lies below a version.
 * node-sass: its own table of bindings; webpack: md4 is not in OpenSSL 3; gulp 3 and its graceful-fs: `primordials`.
 */
const breaking: readonly { readonly name: string; readonly below: string; readonly node: number }[] = [
  { name: 'node-sass', below: '4.10.0', node: 10 },
  { name: 'node-sass', below: '4.14.0', node: 12 },
  { name: 'node-sass', below: '6.0.0', node: 14 },
  { name: 'node-sass', below: '8.0.0', node: 16 },
  { name: 'node-sass', below: '9.0.0', node: 18 },
  { name: 'gulp', below: '4.0.0', node: 10 },
  { name: 'webpack', below: '5.61.0', node: 16 },
  { name: 'fibers', below: '5.0.0', node: 12 },
  { name: 'fibers', below: '6.0.0', node: 14 },
  { name: 'react-scripts', below: '5.0.0', node: 16 },
]
/** npm wrote this format until Node 15 came. */
const lastNodeOfFormat1 = 14

/** Bounds by what is installed, the lowest first; empty for a project of today. */
export function erasOf(manifest: Manifest, installed: Installed): readonly Era[] {
  const eras: Era[] = []
  if (installed.format === 1)
    eras.push({ major: lastNodeOfFormat1, source: `lockfileVersion 1 of ${installed.path}` })
  for (const { name, below, node } of breaking) {
    const version = versionOf(name, manifest, installed)
    if (version !== undefined && semver.lt(version, below))
      eras.push({ major: node, source: `${name} ${version}` })
  }
  const types = versionOf('@types/node', manifest, installed)
  if (types !== undefined && semver.major(types) >= 4)
    eras.push({ major: semver.major(types), source: `@types/node ${types}` })
  return eras.sort((a, b) => a.major - b.major)
}

/** What scripts call that an older Node does not know. */
const needed: readonly (readonly [RegExp, number])[] = [
  [/--experimental-strip-types|--experimental-transform-types/, 22],
  [/--env-file\b|--experimental-default-type|--import[ =]/, 20],
  [/\bnode\b[^&|;]*\s--(test|watch)\b/, 18],
]

/** The oldest Node that knows what the scripts of a manifest ask of it. */
export function oldestForScripts({ scripts = {} }: Manifest): number {
  const text = Object.values(scripts).join('\n')
  return needed.find(([pattern]) => pattern.test(text))?.[1] ?? 0
}

/** As installed for what the manifest asks for, or at all; else the least that it asks for. */
function versionOf(name: string, manifest: Manifest, installed: Installed): string | undefined {
  const declared = manifest.devDependencies?.[name] ?? manifest.dependencies?.[name]
  const found = installed.versions(name).filter((version) => semver.valid(version) !== null)
  const own = declared === undefined ? null : semver.maxSatisfying(found, declared)
  const [version] = own === null ? semver.rsort([...found]) : [own]
  if (version !== undefined) return version
  if (declared === undefined || semver.validRange(declared) === null || !/\d/.test(declared)) return undefined
  return semver.minVersion(declared)?.version
}
