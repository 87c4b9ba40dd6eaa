import type { Grouping } from '../../contract/statistics/choices.ts'
import type { CountedOutcome } from '../../contract/statistics/facts.ts'
import type { Figures } from '../../contract/statistics/figures.ts'
import type { Group, Statistics } from '../../contract/statistics/statistics.ts'
import {
  amount,
  figureLines,
  notCounted,
  outcomeName,
  percent,
  took,
  usd,
} from '../../contract/statistics/words.ts'
import { bar, sparkline } from './charts.ts'
import type { Colors } from './colors.ts'
import { table } from './tables.ts'
import { oneLine } from './text.ts'

export interface Page {
  readonly statistics: Statistics
  /** Of all sessions by week, for the small charts. */
  readonly weeks: readonly Group[]
  readonly by: Grouping | undefined
  /** ISO date that the sessions begin at. */
  readonly since: string | undefined
  readonly damaged: number
}

/** Groups and weeks that a page shows. */
const most = { groups: 30, weeks: 26 } as const

/** `drydock stats` for a person. */
export function statisticsPage({ statistics, weeks, by, since, damaged }: Page, c: Colors): string {
  const { all, groups, reruns, imported } = statistics
  const asides = notCounted(reruns, imported, damaged)
  const from = since === undefined ? '' : ` since ${since.slice(0, 10)}`
  const head = `${c.bold(`${all.sessions} ${all.sessions === 1 ? 'session' : 'sessions'}`)}${from}${asides.map((one) => c.dim(`; ${one}`)).join('')}`
  if (all.sessions === 0) return `${head}\n`
  const parts = [head, outcomes(all, c), figures(all, c), stages(all, c)]
  if (weeks.length > 1) parts.push(trends(weeks.slice(-most.weeks), c))
  if (by !== undefined) parts.push(groupTable(groups, by, c))
  return `${parts.join('\n\n')}\n`
}

function outcomes({ outcomes: found, sessions }: Figures, c: Colors): string {
  const good = new Set(['published', 'merged', 'awaiting-review', 'up-to-date'])
  const rows = Object.entries(found).map(([name, count]) => {
    const colour = good.has(name) ? c.green : name === 'open' ? c.cyan : c.yellow
    const said = outcomeName(name as CountedOutcome)
    return [said, String(count), percent(count / sessions), colour(bar(count, sessions, 40))]
  })
  return `${c.bold('Outcomes')}\n${table(['outcome', 'sessions', 'share', ''], rows, c)}`
}

function figures(all: Figures, c: Colors): string {
  const lines = figureLines(all)
  const width = Math.max(...lines.map(([name]) => name.length))
  return `${c.bold('Figures')}  ${c.dim('intervals are of 95 %, by Wilson')}\n${lines
    .map(([name, value]) => `${name.padEnd(width)}  ${value}`)
    .join('\n')}`
}

function stages({ stageMs }: Figures, c: Colors): string {
  const rows = Object.entries(stageMs).filter(([, ms]) => ms > 0)
  const longest = Math.max(0, ...rows.map(([, ms]) => ms))
  const shown = rows.map(([name, ms]) => [name, took(ms), c.cyan(bar(ms, longest, 40))])
  return `${c.bold('Time by stage')}  ${c.dim('mean of the sessions that had it')}\n${table(['stage', 'time', ''], shown, c)}`
}

function trends(weeks: readonly Group[], c: Colors): string {
  const of = (value: (figures: Figures) => number | null) =>
    c.cyan(sparkline(weeks.map(({ figures }) => value(figures))))
  const last = weeks.at(-1)?.figures
  if (last === undefined) return ''
  const rows = [
    ['sessions', of(({ sessions }) => sessions), amount(last.sessions)],
    ['repaired', of(({ repaired }) => repaired.rate), percent(last.repaired.rate)],
    ['vetoed', of(({ vetoes }) => vetoes.rate), percent(last.vetoes.rate)],
    ['cost a session', of(({ costPerSession }) => costPerSession), usd(last.costPerSession)],
    ['time a session', of(({ workMs }) => workMs), took(last.workMs)],
  ]
  const names = `${weeks[0]?.name} to ${weeks.at(-1)?.name}`
  return `${c.bold('By week')}  ${c.dim(`${names}, each row from 0 to its largest; · nothing measured`)}\n${table(['', '', 'last'], rows, c)}`
}

function groupTable(groups: readonly Group[], by: Grouping, c: Colors): string {
  const head = [
    by,
    'sessions',
    'repaired',
    'vetoed',
    'merged',
    'turns',
    'cost a session',
    'per merged',
    'time',
  ]
  const shown = by === 'week' ? groups.slice(-most.groups) : groups.slice(0, most.groups)
  const rows = shown.map(({ name, figures: of }) => [
    oneLine(name, 44),
    amount(of.sessions),
    percent(of.repaired.rate),
    percent(of.vetoes.rate),
    percent(of.merged.rate),
    amount(of.turns),
    usd(of.costPerSession),
    usd(of.costPerMerged),
    took(of.workMs),
  ])
  const rest = groups.length - shown.length
  const more = rest > 0 ? `\n${c.dim(`… and ${rest} more: --json has them`)}` : ''
  return `${c.bold(`By ${by}`)}\n${table(head, rows, c)}${more}`
}
