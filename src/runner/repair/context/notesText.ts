import semver from 'semver'
import { escapeRegExp } from '../../../contract/text.ts'
import type { ReleaseNote } from '../../ecosystems/release/release.ts'

const breaking =
  /\bbreaking\b|\bremov(e|es|ed|al)\b|\bdrop(s|ped)?\b|\brenam(e|es|ed)\b|\bno longer\b|\bmigrat|\bnow (requires?|throws?|returns?)\b|💥|⚠/i
const maxEntry = 1_000

/** How likely an entry is to say what breaks. */
function weight({ version, text }: ReleaseNote): number {
  const parsed = semver.parse(version)
  const first = parsed !== null && parsed.minor === 0 && parsed.patch === 0 ? 2 : 0
  return (/\bbreaking\b|💥/i.test(text) ? 3 : breaking.test(text) ? 1 : 0) + first
}

/** Links and references say nothing to somebody without a network. */
function plain(text: string): string {
  return text
    .replace(/\s*\(?\[([^\]]*)\]\(https?:[^)]*\)\)?/g, ' $1')
    .replace(/^.*<img\b.*$/gm, '')
    .replace(/^#+ (Contributors|PRs)\b.*$/gm, '')
    .replace(/https?:\/\/\S+/g, '')
    .replace(/[^\S\n]{2,}/g, ' ')
    .replace(/\n{2,}/g, '\n')
    .trim()
}

/** As a quotation: headings of a changelog are not those of the message. */
function quoted(text: string): string {
  return text
    .split('\n')
    .map((line) => `> ${line}`)
    .join('\n')
}

/** A new version of what the package itself depends on. */
const dependency = /^\W*(?:deps?|dependencies|chore|build)\b.*(?:@|:|bump)/i

/** An entry, where it is too long with what looks breaking ahead, in the order of the package. */
function entryText(note: ReleaseNote, names: RegExp | undefined): string {
  const text = plain(note.text)
  const heading = `### ${note.version}\n`
  if (text.length <= maxEntry) return heading + quoted(text)
  const lines = text.split('\n')
  // What names something that the project uses, then what speaks of a break, then the rest.
  const rank = (line: string) =>
    names?.test(line) === true ? 0 : breaking.test(line) ? 1 : dependency.test(line) ? 3 : 2
  const kept = new Set<number>()
  let left = maxEntry
  for (const [at, line] of [...lines.entries()].toSorted(([, a], [, b]) => rank(a) - rank(b))) {
    if (line.length + 1 > left) continue
    left -= line.length + 1
    kept.add(at)
  }
  const shown = [...kept].sort((a, b) => a - b).map((at) => lines[at] ?? '')
  const [first, rest] = [shown.filter((line) => rank(line) < 2), shown.filter((line) => rank(line) >= 2)]
  return `${heading}${quoted(`${[...first, ...rest].join('\n')}\n…`)}`
}

/** Words as code names them; one that is no other word than a name anywhere. */
function namesPattern(words: readonly string[]): RegExp | undefined {
  const usable = words.filter((word) => /^[\w$./-]{2,}$/.test(word))
  if (usable.length === 0) return undefined
  const exact = (list: readonly string[]) => list.map(escapeRegExp).join('|')
  const plainly = usable.filter((word) => /[A-Z_./]/.test(word.slice(1)))
  const inCode = `\`[^\`\\n]*(?<![\\w$])(?:${exact(usable)})(?![\\w$])[^\`\\n]*\``
  const anywhere = plainly.length === 0 ? '' : `|(?<![\\w$])(?:${exact(plainly)})(?![\\w$])`
  return new RegExp(`${inCode}${anywhere}`)
}

/**
 * Changelog entries in at most `room` characters: those that name one of the words first, then those that look
 * breaking, among equals the newer.
 */
export function notesText(
  notes: readonly ReleaseNote[],
  to: string,
  room: number,
  words: readonly string[] = [],
): string {
  const names = namesPattern(words)
  const heavy = (note: ReleaseNote) => weight(note) + (names?.test(note.text) === true ? 2 : 0)
  const ordered = [...notes].sort((a, b) => heavy(b) - heavy(a) || semver.rcompare(a.version, b.version))
  const parts: string[] = []
  let left = room - 60
  for (const note of ordered) {
    const text = entryText(note, names)
    if (text.length + 2 > left) continue
    left -= text.length + 2
    parts.push(text)
  }
  const missing = notes.length - parts.length
  if (missing > 0 && parts.length > 0) parts.push(`${missing} further entries up to ${to} are left out.`)
  return parts.join('\n\n')
}
