import { type Group, groupOf, type SessionText, sessionText } from './sessionText.ts'
import type { SessionSummary } from './summary.ts'

/** Rows that a group has at first, the newest; asked for more, it has twice as many. */
export const firstRows = 50

export interface SessionRow {
  readonly id: string
  readonly text: SessionText
}

export interface GroupRows {
  readonly group: Group
  /** Sessions of the group, those without a row included. */
  readonly count: number
  readonly rows: readonly SessionRow[]
}

export interface Choice {
  /** Words that a session must have in its title, state, repository or id. */
  readonly words: string
  /** Most rows of a group, where they are not `firstRows`. */
  readonly most: ReadonlyMap<Group, number>
  /** Ages are told from here, ms. */
  readonly now: number
}

/** What the tree shows, groups without a session left out. Each session is looked at, those that are shown are put in words. */
export function groupRows(
  all: readonly SessionSummary[],
  { words, most, now }: Choice,
): readonly GroupRows[] {
  const groups = new Map<Group, SessionSummary[]>([
    ['running', []],
    ['waiting', []],
    ['attention', []],
    ['done', []],
  ])
  const repository = new Set(all.map(({ root }) => root).filter((root) => root !== '')).size > 1
  for (const summary of matching(all, words, now)) groups.get(groupOf(summary))?.push(summary)
  return [...groups]
    .filter(([, members]) => members.length > 0)
    .map(([group, members]) => ({
      group,
      count: members.length,
      rows: members
        .slice(0, most.get(group) ?? firstRows)
        .map((summary) => ({ id: summary.id, text: sessionText(summary, now, repository) })),
    }))
}

function matching(all: readonly SessionSummary[], words: string, now: number): readonly SessionSummary[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean)
  if (wanted.length === 0) return all
  return all.filter((row) => {
    const { description } = sessionText(row, now)
    const text = `${row.title} ${description} ${row.root} ${row.id}`.toLowerCase()
    return wanted.every((word) => text.includes(word))
  })
}

/** What must be drawn again: the whole tree where groups came or went, else groups with their rows, and single rows. */
export type Redraw = 'all' | { readonly groups: readonly Group[]; readonly sessions: readonly string[] }

export function toRedraw(before: readonly GroupRows[], after: readonly GroupRows[]): Redraw {
  if (names(before) !== names(after)) return 'all'
  const groups: Group[] = []
  const sessions: string[] = []
  for (const [at, group] of after.entries()) {
    const old = before[at]
    if (old === undefined || old.count !== group.count || ids(old) !== ids(group)) groups.push(group.group)
    else
      sessions.push(...group.rows.filter((row, place) => differs(row, old.rows[place])).map(({ id }) => id))
  }
  return { groups, sessions }
}

const names = (groups: readonly GroupRows[]): string => groups.map(({ group }) => group).join()
const ids = ({ rows }: GroupRows): string => rows.map(({ id }) => id).join()

function differs({ text }: SessionRow, other: SessionRow | undefined): boolean {
  return JSON.stringify(text) !== JSON.stringify(other?.text)
}
