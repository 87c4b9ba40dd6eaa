import semver from 'semver'
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

/** An entry with its breaking-looking paragraphs first, where it is too long to be given whole. */
function entryText(note: ReleaseNote, names: RegExp | undefined): string {
  const text = plain(note.text)
  const heading = `### ${note.version}\n`
  if (text.length <= maxEntry) return heading + quoted(text)
  const lines = text.split('\n')
  // What names something that the project uses, then what speaks of a break, then the rest.
  const rank = (line: string) => (names?.test(line) === true ? 0 : breaking.test(line) ? 1 : 2)
  let kept = ''
  for (const line of lines.toSorted((a, b) => rank(a) - rank(b))) {
    if (kept.length + line.length + 1 > maxEntry) continue
    kept += `${line}\n`
  }
  return `${heading}${quoted(`${kept}…`)}`
}

/** Words of code: bare ones such as `get` or `data` would be found in any sentence. */
function namesPattern(words: readonly string[]): RegExp | undefined {
  const any = words
    .filter((word) => word.length > 2)
    .map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  return any.length === 0 ? undefined : new RegExp(`(?<![\\w$])(?:${any.join('|')})(?![\\w$])`)
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
