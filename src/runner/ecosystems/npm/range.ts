import semver from 'semver'

/** A declared specifier, taken apart so that only its version part changes. */
export interface Specifier {
  /** Name at the registry; differs from the declared one for `npm:` aliases. */
  readonly name: string
  /** `npm:other@`, `workspace:` and the like, kept as it is. */
  readonly prefix: string
  /** A semver range or a dist-tag. */
  readonly range: string
  /** What stands after it, such as the file of a patch. */
  readonly suffix?: string
}

const patched = /^(patch:((?:@|%40)?[^@]+)@(?:npm(?::|%3A))?)([^#]+)(#.+)$/i

/** Undefined where the specifier does not mean a registry: folders, git, addresses, catalogs. */
export function parseSpecifier(declared: string, text: string): Specifier | undefined {
  const alias = /^npm:((?:@[^/]+\/)?[^@]+)@(.*)$/.exec(text)
  if (alias !== null) return { name: alias[1] ?? declared, prefix: `npm:${alias[1]}@`, range: alias[2] ?? '' }
  const [, before, name, inner, suffix] = patched.exec(text) ?? []
  if (before !== undefined && suffix !== undefined)
    return {
      name: (name ?? declared).replace(/^%40/i, '@'),
      prefix: before,
      range: decodeURIComponent(inner ?? ''),
      suffix,
    }
  const plain = text.startsWith('npm:') ? text.slice('npm:'.length) : text
  if (/[:/]/.test(plain)) return undefined
  return { name: declared, prefix: text.startsWith('npm:') ? 'npm:' : '', range: plain }
}

const comparator = /^(\^|~|>=|=|v|)\s*v?(\d+|[xX*])(\.(\d+|[xX*]))?(\.(\d+|[xX*]))?([-+].*)?$/

/**
 * The range in the style it had, moved to `version`: `^1.2.3` becomes `^2.0.0`, `~1.2` `~2.0`, `1.x` `2.x`.
 * A range that says nothing about a version (`*`, a tag) stays; a union gets one more member.
 */
export function restyle(range: string, version: string): string {
  const trimmed = range.trim()
  if (trimmed === '' || trimmed === '*' || semver.validRange(trimmed) === null) return range
  const members = trimmed.split('||').map((member) => member.trim())
  const last = members.at(-1) ?? trimmed
  const styled = restyleOne(last, version)
  if (members.length === 1) return styled
  return semver.satisfies(version, trimmed) ? range : `${trimmed} || ${styled}`
}

function restyleOne(range: string, version: string): string {
  const match = comparator.exec(range)
  if (match === null) return semver.satisfies(version, range) ? range : `^${version}`
  const [, operator = '', major = '', , minor, , patch] = match
  const { major: x, minor: y, patch: z } = new semver.SemVer(version)
  const part = (old: string, now: number) => (/^\d+$/.test(old) ? String(now) : old)
  if (patch !== undefined && /^\d+$/.test(patch)) return `${operator}${version}`
  const parts = [part(major, x)]
  if (minor !== undefined) parts.push(part(minor, y))
  if (patch !== undefined) parts.push(part(patch, z))
  const styled = `${operator}${parts.join('.')}`
  // A prerelease is in no range of partial versions.
  return semver.satisfies(version, styled) ? styled : `^${version}`
}

/** For peers of a library: what was allowed stays allowed. */
export function widen(range: string, version: string): string {
  if (semver.validRange(range) === null || semver.satisfies(version, range)) return range
  const last = range.split('||').at(-1)?.trim() ?? range
  return `${range.trim()} || ${restyleOne(last, version)}`
}
