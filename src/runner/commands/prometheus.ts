import type { Figures } from '../../contract/statistics/figures.ts'
import type { Share } from '../../contract/statistics/interval.ts'
import type { Statistics } from '../../contract/statistics/statistics.ts'

type Labels = Readonly<Record<string, string>>

interface Metric {
  readonly name: string
  readonly help: string
  readonly values: (figures: Figures) => readonly (readonly [Labels, number | null])[]
}

const one = (value: number | null): readonly (readonly [Labels, number | null])[] => [[{}, value]]
const counts = ({ part, whole }: Share, parts: string, all: string) =>
  [[{ of: parts }, part] as const, [{ of: all }, whole] as const] as const

/** Everything is a gauge: sessions are removed, too, and a share's two counts let the reader divide. */
const metrics: readonly Metric[] = [
  {
    name: 'drydock_sessions',
    help: 'Sessions by outcome.',
    values: ({ outcomes }) => Object.entries(outcomes).map(([outcome, count]) => [{ outcome }, count]),
  },
  { name: 'drydock_cost_usd', help: 'Cost of all sessions.', values: ({ costUsd }) => one(costUsd) },
  {
    name: 'drydock_cost_per_merged_usd',
    help: 'Cost of all sessions by merged pull request.',
    values: ({ costPerMerged }) => one(costPerMerged),
  },
  {
    name: 'drydock_verdicts',
    help: "The judge's verdicts, and the vetoes among them.",
    values: ({ vetoes }) => counts(vetoes, 'veto', 'all'),
  },
  {
    name: 'drydock_repairs',
    help: 'Sessions in which an agent was asked, and those it repaired.',
    values: ({ repaired }) => counts(repaired, 'repaired', 'all'),
  },
  {
    name: 'drydock_codemods',
    help: 'Sessions in which a codemod was tried, and those it repaired without an agent.',
    values: ({ codemods }) => counts(codemods, 'repaired', 'all'),
  },
  {
    name: 'drydock_pull_requests_settled',
    help: 'Pull requests whose fate is known, and the merged ones among them.',
    values: ({ merged }) => counts(merged, 'merged', 'all'),
  },
  {
    name: 'drydock_cache_answers',
    help: 'Stages that a cache can answer, and those it did.',
    values: ({ cacheHits }) => counts(cacheHits, 'hit', 'all'),
  },
  {
    name: 'drydock_tests',
    help: 'Labelled tests, and the flaky ones among them.',
    values: ({ flakyTests }) => counts(flakyTests, 'flaky', 'all'),
  },
  {
    name: 'drydock_warnings',
    help: 'Warnings that must be looked at, and those that a person ticked and approved.',
    values: ({ falseAlarms }) => counts(falseAlarms, 'ticked', 'all'),
  },
  { name: 'drydock_turns_mean', help: 'Turns a session with an agent.', values: ({ turns }) => one(turns) },
  { name: 'drydock_tokens_mean', help: 'Tokens a session.', values: ({ tokens }) => one(tokens) },
  {
    name: 'drydock_stage_seconds_mean',
    help: 'Time of a stage, of the sessions that had it.',
    values: ({ stageMs }) => Object.entries(stageMs).map(([stage, ms]) => [{ stage }, ms / 1000]),
  },
]

/** The text format of Prometheus; a group is a label of the grouping's name. */
export function prometheusText({ all, groups }: Statistics, by: string | undefined): string {
  const sets: readonly (readonly [Labels, Figures])[] =
    by === undefined || groups.length === 0
      ? [[{}, all]]
      : groups.map(({ name, figures }) => [{ [by]: name }, figures])
  return metrics
    .map(({ name, help, values }) => {
      const lines = sets.flatMap(([labels, figures]) =>
        values(figures).flatMap(([own, value]) =>
          value === null ? [] : [`${name}${labelText({ ...labels, ...own })} ${value}`],
        ),
      )
      return [`# HELP ${name} ${help}`, `# TYPE ${name} gauge`, ...lines, ''].join('\n')
    })
    .join('')
}

function labelText(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`)
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`
}

function escaped(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
}
