import { join } from 'node:path'
import { failures } from '../../contract/failures.ts'
import type { Grouping } from '../../contract/statistics/choices.ts'
import { statisticsOf } from '../../contract/statistics/statistics.ts'
import { readFacts } from '../../store/statistics.ts'
import { statisticsPage } from '../terminal/statistics.ts'
import { type CommandContext, printJson } from './context.ts'
import { exitCodes } from './exitCode.ts'
import { prometheusText } from './prometheus.ts'

export interface StatsFlags {
  readonly since?: string
  readonly by?: Grouping
  readonly json?: boolean
  readonly prometheus?: boolean
}

const dayMs = 86_400_000

/** `drydock stats`: figures over every session there is, from their logs. */
export async function stats(context: CommandContext, flags: StatsFlags): Promise<number> {
  if (flags.json === true && flags.prometheus === true)
    throw failures.badUsage('--json and --prometheus are two forms: ask for one.')
  const since = flags.since === undefined ? undefined : sinceOf(flags.since, context.now())
  const { facts, damaged } = await readFacts(context.sessions, join(context.cache, 'statistics.json'))
  const meant = since === undefined ? facts : facts.filter(({ createdAt }) => createdAt >= since)
  const statistics = statisticsOf(meant, flags.by, facts)
  if (flags.json === true)
    printJson(context, { since: since ?? null, by: flags.by ?? null, ...statistics, damaged })
  else if (flags.prometheus === true) context.stdout.write(prometheusText(statistics, flags.by))
  else {
    const weeks = statisticsOf(meant, 'week', facts).groups
    const page = { statistics, weeks, by: flags.by, since, damaged: damaged.length }
    context.stdout.write(statisticsPage(page, context.colors))
  }
  return exitCodes.done
}

/** `2026-11-01`, `30d`, `8w`, as the UTC time it means. Throws `bad-usage`. */
export function sinceOf(text: string, now: Date, option = '--since'): string {
  const span = /^(\d{1,5})([dw])$/.exec(text)
  const days = Number(span?.[1]) * (span?.[2] === 'w' ? 7 : 1)
  const time = span === null ? Date.parse(text) : now.getTime() - days * dayMs
  if (!/^\d/.test(text) || Number.isNaN(time) || Math.abs(time) > 8.64e15)
    throw failures.badUsage(`${option} takes a date or a span, such as 2026-11-01, 30d or 8w, not "${text}".`)
  return new Date(time).toISOString()
}
