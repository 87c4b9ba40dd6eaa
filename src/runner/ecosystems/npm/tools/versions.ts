import semver from 'semver'

/** Versions of Node that the images carry, by major; `sandbox/images/packages.json` holds the same. */
export const nodeVersions: Readonly<Record<number, string>> = {
  10: '10.24.1',
  12: '12.22.12',
  14: '14.21.3',
  16: '16.20.2',
  18: '18.20.8',
  20: '20.20.2',
  22: '22.23.3',
  24: '24.21.0',
  26: '26.10.0',
}

/** Versions of npm that installs run with. */
export const npmVersions: Readonly<Record<number, string>> = { 10: '10.9.9', 11: '11.21.2' }

/** Majors of Node in the order in which they are tried where several fit. */
export const nodeMajors = [22, 24, 20, 18, 16, 14, 12, 10, 26] as const
/** The newest line with long-term support that is taken unasked. */
export const newestLts = 24
const sorted = [...nodeMajors].sort((a, b) => a - b)

const ltsNames: Readonly<Record<string, number>> = {
  argon: 4,
  boron: 6,
  carbon: 8,
  dubnium: 10,
  erbium: 12,
  fermium: 14,
  gallium: 16,
  hydrogen: 18,
  iron: 20,
  jod: 22,
  krypton: 24,
}

/** From here on Drydock's own programs run on the project's Node, which then is the image's only one. */
export const firstModernNode = 18
/** Where an image has a Node of old, beside its own. */
export const oldNodeFolder = '/opt/project/bin'

/** PATH of checks and install scripts; undefined where the image's own will do. */
export function pathFor(major: number): string | undefined {
  return major < firstModernNode ? `${oldNodeFolder}:/usr/local/bin:/usr/bin:/bin` : undefined
}

/** The major itself or the nearest newer one that there is an image for. */
export function nearestNode(major: number): number {
  return sorted.find((candidate) => candidate >= major) ?? sorted.at(-1) ?? newestLts
}

/** The npm that a Node of an image installs with: an old one has another Node beside it for that. */
export function npmOfNode(major: number): number {
  return major >= 24 ? 11 : 10
}

/** Whether a version of an image lies in a range; a range that names one patch means its line. */
export function nodeFits(major: number, range: string): boolean {
  const version = nodeVersions[major]
  return version !== undefined && semver.satisfies(version, range)
}

/** What a version file, a manifest field or a CI job asks for. */
export type NodeWish = { readonly major: number } | { readonly range: string }

/**
 * `v20.1.0`, `20`, `20.x`, `lts/iron`, `lts/*`, `node`, `nodejs-18.2`, `latest:20`, or a range such as `>=18 <21`;
 * undefined for what names no version (`system`, `${{ matrix.node }}`).
 */
export function parseNodeWish(text: string): NodeWish | undefined {
  const wish = text
    .replace(/#.*$/s, '')
    .trim()
    .replace(/^(?:node(?:js)?[@-]|ref:|prefix:|latest:)/i, '')
  const named = /^lts[/-]?(.*)$/i.exec(wish)?.[1]?.toLowerCase()
  if (named !== undefined) {
    const back = /^-(\d+)$/.exec(named)?.[1]
    if (back !== undefined) return { major: Math.max(newestLts - 2 * Number(back), 10) }
    return { major: ltsNames[named] ?? newestLts }
  }
  if (/^(node|stable|latest|current)$/i.test(wish)) return { major: sorted.at(-1) ?? newestLts }
  if (/^v?\d+(\.(\d+|x|\*)){0,2}([-+].*)?$/i.test(wish))
    return { major: Number.parseInt(wish.replace(/^v/i, ''), 10) }
  const range = semver.validRange(wish)
  return range === null || wish === '' ? undefined : { range: wish }
}
