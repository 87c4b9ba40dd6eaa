import { escapeRegExp } from './text.ts'
import type { ChangelogEntry, WhyItBroke } from './why.ts'

const breaking =
  /\bbreaking\b|\bremov(e|es|ed|al)\b|\bdrop(s|ped)?\b|\brenam(e|es|ed)\b|\bno longer\b|\binstead\b|\bdefaults?\b|\bis now\b|\bchange[ds]?\b/i

/** One name in code, then another. */
const renamed = /`[^`]+`\s*(?:to|→|=>|->|is now|becomes)\s*`/
const section = /^(\W*)(?:breaking[ \w]*|removed?|deprecat\w*|changed?|migrat\w*)\W*$/i

/** Lines of a changelog that speak of what is gone or different, and those below a heading that does. */
export function breakingLines(text: string): readonly string[] {
  let below: number | undefined
  return text.split('\n').filter((line) => {
    const depth = line.search(/\S/)
    const head = section.exec(line)
    if (head !== null) below = head[1]?.startsWith('#') === true ? -1 : depth
    else if (below !== undefined && depth >= 0 && (below < 0 ? line.startsWith('#') : depth <= below))
      below = undefined
    return below !== undefined || breaking.test(line) || renamed.test(line)
  })
}

/** Whether an entry has a section, or a line, that calls itself breaking. */
export function isBreaking(text: string): boolean {
  return /\bbreaking\b/i.test(text)
}

export interface ChangelogRow extends ChangelogEntry {
  /** The first of its lines, from 0, that names what broke. */
  readonly names?: number
}

/**
 * The entries that speak of what broke first: those whose lines name what was removed or changed, then those that call
 * themselves breaking; else, and where nothing broke, the newest first.
 */
export function changelogRows(why: WhyItBroke): readonly ChangelogRow[] {
  const entries = why.changelog?.entries ?? []
  if ((why.failures?.list ?? []).length === 0) return entries
  const { whole, parts } = brokenNames(why)
  const ranked = entries.map((entry) => {
    const lines = entry.text.split('\n')
    const breaking = new Set(breakingLines(entry.text))
    const named = (names: readonly RegExp[], among = lines) =>
      among.findIndex((line) => breaking.has(line) && names.some((name) => name.test(line)))
    const [full, part] = [named(whole), named(parts)]
    const rank = full >= 0 ? 3 : part >= 0 ? 2 : isBreaking(entry.text) ? 1 : 0
    const at = full >= 0 ? full : part
    return { rank, row: at < 0 ? entry : { ...entry, names: at } }
  })
  return ranked.toSorted((a, b) => b.rank - a.rank).map(({ row }) => row)
}

/** Names as they are written in full, and the last part of those that have several. */
function brokenNames({ failures, interface: found }: WhyItBroke): {
  readonly whole: readonly RegExp[]
  readonly parts: readonly RegExp[]
} {
  const met = (found?.met ?? []).map(({ name }) => name)
  const quoted = (failures?.list ?? []).flatMap(({ message }) =>
    [...message.matchAll(/['"‘“]([^'"’”\s]{3,80})['"’”]/g)].map(([, name = '']) => name),
  )
  // What a message quotes may be any word: it counts where nothing is known of the interface.
  const whole = [...new Set(met.length > 0 ? met : quoted)].filter((name) => /[A-Za-z]{2}|\//.test(name))
  const parts = whole.flatMap((name) => name.split(/[./#]/).slice(1).at(-1) ?? [])
  return { whole: whole.map(asWord), parts: parts.filter((one) => one.length > 2).map(asWord) }
}

function asWord(name: string): RegExp {
  return new RegExp(`(?<![\\w$])${escapeRegExp(name)}(?![\\w$])`)
}
