import type { Grouping } from './choices.ts'
import type { SessionFacts } from './facts.ts'
import { type Figures, figuresOf } from './figures.ts'

export interface Group {
  readonly name: string
  readonly figures: Figures
}

export interface Statistics {
  readonly all: Figures
  /** Weeks in their order, anything else by its number of sessions; empty where nothing was asked for. */
  readonly groups: readonly Group[]
  /** Sessions that only repeat others for comparison: in none of the figures. */
  readonly reruns: number
  /** Sessions of other machines; in none of the figures either. */
  readonly imported: number
}

/** Figures of the sessions given, whole and by group. `everything`: what became of a veto may lie outside of them. */
export function statisticsOf(
  facts: readonly SessionFacts[],
  by?: Grouping,
  everything: readonly SessionFacts[] = facts,
): Statistics {
  const own = facts.filter(({ imported }) => !imported)
  const counted = own.filter(({ rerunOf }) => rerunOf === null)
  const overturned = overturnedVetoes(everything)
  const groups = by === undefined ? [] : grouped(counted, by)
  return {
    all: figuresOf(counted, overturned),
    groups: groups.map(([name, members]) => ({ name, figures: figuresOf(members, overturned) })),
    reruns: own.length - counted.length,
    imported: facts.length - own.length,
  }
}

function grouped(
  facts: readonly SessionFacts[],
  by: Grouping,
): readonly (readonly [string, readonly SessionFacts[]])[] {
  const groups = new Map<string, SessionFacts[]>()
  const nameOf = by === 'week' ? weeksByDay() : (one: SessionFacts) => groupOf(one, by)
  for (const one of facts) {
    const name = nameOf(one)
    const members = groups.get(name)
    if (members === undefined) groups.set(name, [one])
    else members.push(one)
  }
  return [...groups].toSorted(([a, left], [b, right]) =>
    by === 'week' ? (a < b ? -1 : 1) : right.length - left.length || (a < b ? -1 : 1),
  )
}

/** A day's week is reckoned once: there are far more sessions than days. */
function weeksByDay(): (facts: SessionFacts) => string {
  const known = new Map<string, string>()
  return ({ createdAt }) => {
    const day = createdAt.slice(0, 10)
    const week = known.get(day) ?? weekOf(day)
    known.set(day, week)
    return week
  }
}

/** The group that a session belongs to; what it lacks is said in words. */
export function groupOf(facts: SessionFacts, by: Grouping): string {
  switch (by) {
    case 'week':
      return weekOf(facts.createdAt)
    case 'ecosystem':
      return facts.ecosystem ?? facts.kind
    case 'package':
      return facts.package ?? facts.kind
    case 'model':
      return facts.model ?? 'no agent asked'
    case 'prompt':
      if (facts.model === null) return 'no agent asked'
      return facts.prompt?.slice(0, 12) ?? 'not recorded'
  }
}

const dayMs = 86_400_000

/** `2026-W09`, by ISO 8601: the week of the year that its Thursday lies in. */
export function weekOf(time: string): string {
  const day = new Date(`${time.slice(0, 10)}T00:00:00.000Z`)
  const thursday = new Date(day.getTime() + (4 - (day.getUTCDay() || 7)) * dayMs)
  const year = thursday.getUTCFullYear()
  const week = Math.floor((thursday.getTime() - Date.UTC(year, 0, 1)) / dayMs / 7) + 1
  return `${year}-W${String(week).padStart(2, '0')}`
}

const published = new Set(['published', 'merged', 'closed'])

/** Vetoed sessions of which a later try, at a person's word, was published. */
function overturnedVetoes(facts: readonly SessionFacts[]): ReadonlySet<string> {
  const byId = new Map(facts.map((one) => [one.id, one]))
  const found = new Set<string>()
  for (const { outcome, retryOf } of facts) {
    if (outcome === null || !published.has(outcome)) continue
    // A damaged log might name a circle.
    const seen = new Set<string>()
    for (let at = retryOf; at !== null && !seen.has(at); at = byId.get(at)?.retryOf ?? null) {
      seen.add(at)
      if (byId.get(at)?.verdict === 'veto') found.add(at)
    }
  }
  return found
}
