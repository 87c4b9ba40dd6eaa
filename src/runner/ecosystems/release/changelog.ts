import semver from 'semver'
import type { ReleaseNote } from './release.ts'

/** Names that packages give their changelog, the more usual first. */
const names = [
  /^changelog(\.\w+)?$/i,
  /^changes(\.\w+)?$/i,
  /^history(\.\w+)?$/i,
  /^releases?(-?notes)?(\.\w+)?$/i,
]

const maxCharacters = 2_000_000
const maxEntryCharacters = 6_000

/** The changelog among a package's top-level files. */
export function changelogName(paths: Iterable<string>): string | undefined {
  const top = [...paths].filter((path) => !path.includes('/')).sort()
  return names.map((name) => top.find((path) => name.test(path))).find((path) => path !== undefined)
}

const version = /(?:^|[\s[(@v])v?(\d+(?:\.\d+){0,2}(?:-[0-9A-Za-z.-]+)?)(?=$|[\s\]),:/(]|\.x\b)/

/** The version that a line announces, where it is a heading of one. */
function announced(line: string, next: string | undefined): string | undefined {
  const marked = /^#{1,4}\s/.test(line) || /^\*\*.*\*\*$/.test(line.trim())
  const underlined = next !== undefined && /^(={3,}|-{3,})\s*$/.test(next) && line.trim() !== ''
  const dated = /^v?\d+\.\d+\.\d+\s*[/(—–-]+\s*\d{4}-\d{2}-\d{2}/.test(line)
  if (line.length > 200 || !(marked || underlined || dated)) return undefined
  const text = line
    .replace(/^#+\s*/, '')
    .replaceAll('*', '')
    .replace(/\]\([^)]*\)/g, ']')
  // A heading that speaks of a version, such as "Migrating to 5.0 from earlier", is none.
  const found = version.exec(text)
  if (found?.[1] === undefined || text.slice(0, found.index).split(/\s+/).length > 3) return undefined
  return semver.coerce(found[1], { includePrerelease: true })?.version
}

/** Entries of a changelog in its own order; text before the first version is left out. */
export function changelogEntries(text: string): readonly ReleaseNote[] {
  const lines = text.slice(0, maxCharacters).split(/\r?\n/)
  const entries: { version: string; lines: string[] }[] = []
  for (const [at, line] of lines.entries()) {
    const found = announced(line, lines[at + 1])
    if (found !== undefined) entries.push({ version: found, lines: [] })
    else if (!/^(={3,}|-{3,})\s*$/.test(line)) entries.at(-1)?.lines.push(line)
  }
  return entries.map((entry) => ({
    version: entry.version,
    text: entry.lines.join('\n').trim().slice(0, maxEntryCharacters),
  }))
}

/** Entries after `from`, up to and with `to`, the newest first; none where one of the two is no version. */
export function notesBetween(text: string, from: string, to: string): readonly ReleaseNote[] {
  const [low, high] = [
    semver.coerce(from, { includePrerelease: true }),
    semver.coerce(to, { includePrerelease: true }),
  ]
  if (low === null || high === null) return []
  return changelogEntries(text)
    .filter((entry) => semver.gt(entry.version, low) && semver.lte(entry.version, high) && entry.text !== '')
    .sort((a, b) => semver.rcompare(a.version, b.version))
}
