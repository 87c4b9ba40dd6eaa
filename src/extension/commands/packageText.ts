import type { Choosable, OutdatedDependency } from '../../contract/outdated.ts'

/** `4.8.1 → 5.0.0`, once. */
export function versionsText({ current, latest }: OutdatedDependency): string {
  return `${current} → ${latest}`
}

/** What speaks for and against taking the latest: its age, whether it is given up, where it is declared. */
export function notesText(row: OutdatedDependency, now: number, withManifest: boolean): string {
  const latest = row.choices?.find(({ version }) => version === row.latest)
  const { wanted, current } = row
  const notes = [
    row.group === 'prod' ? undefined : row.group,
    row.through === undefined ? undefined : `version by ${row.through}`,
    latest === undefined ? undefined : ageText(latest, now),
    latest?.deprecated === undefined ? undefined : `deprecated: ${firstLine(latest.deprecated)}`,
    wanted === current || wanted === row.latest ? undefined : `${wanted} within the declared range`,
    withManifest ? row.manifest : undefined,
  ]
  return notes.filter((note) => note !== undefined && note !== '').join(' · ')
}

/** Versions that the next step offers, the newest first; what the range admits and what is latest are among them. */
export function choicesOf({ choices, current, wanted, latest }: OutdatedDependency): readonly Choosable[] {
  const known = new Map((choices ?? []).map((one) => [one.version, one]))
  const all = [...known.keys(), latest, wanted].filter((version) => version !== current)
  return [...new Set(all)].map((version) => known.get(version) ?? { version })
}

/** `latest · within the declared range · 2026-03-04, 8 months old · deprecated: …`. */
export function choiceText(one: Choosable, { latest, wanted }: OutdatedDependency, now: number): string {
  const { version, published, deprecated } = one
  const parts = [
    version === latest ? 'latest' : '',
    version === wanted ? 'within the declared range' : '',
    published === undefined ? '' : `${published.slice(0, 10)}, ${ageText(one, now)}`,
    deprecated === undefined ? '' : `deprecated: ${firstLine(deprecated)}`,
  ]
  return parts.filter(Boolean).join(' · ')
}

const day = 24 * 60 * 60_000

function ageText({ published }: Choosable, now: number): string {
  if (published === undefined) return ''
  const days = Math.max(0, Math.floor((now - Date.parse(published)) / day))
  if (days < 1) return 'released today'
  if (days < 60) return `${counted(days, 'day')} old`
  return days < 730 ? `${counted(Math.floor(days / 30), 'month')} old` : `${Math.floor(days / 365)} years old`
}

function counted(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`
}

const mostWords = 80

function firstLine(text: string): string {
  const [line = ''] = text.trim().split('\n', 1)
  return line.length > mostWords ? `${line.slice(0, mostWords - 1)}…` : line
}
