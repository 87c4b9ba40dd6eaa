import type { Result } from './trial.ts'
import { Judgement, wrong } from './verdict.ts'

/** The report of a run: how often what, what was wrong and how to see it again. */
export function tableOf(results: readonly Result[]): string {
  const count = (judgement: Judgement): number => results.filter((one) => one.judgement === judgement).length
  const rows = Judgement.options.map((judgement) => [judgement, String(count(judgement))])
  const seconds = results.map((one) => one.seconds.host + one.seconds.drydock + one.seconds.patched)
  const total = (list: readonly number[]): number => list.reduce((sum, one) => sum + one, 0)
  const mean = (list: readonly number[]): string =>
    list.length === 0 ? '-' : (total(list) / list.length).toFixed(1)
  const fewer = results.filter(({ named, tests }) => named !== undefined && named < tests)
  return [
    ...[['seeds', String(results.length)], ...rows].map(
      ([name = '', value = '']) => `${name.padEnd(20)}${value.padStart(5)}`,
    ),
    `${'seconds a seed'.padEnd(20)}${mean(seconds).padStart(5)}  (host ${mean(results.map((one) => one.seconds.host))}, drydock ${mean(results.map((one) => one.seconds.drydock))}, its patch ${mean(results.map((one) => one.seconds.patched))})`,
    `${'tests not named'.padEnd(20)}${String(fewer.length).padStart(5)}  ${countBy(fewer, ({ choice }) => choice.runner)}`,
    ...disagreements(results),
  ].join('\n')
}

function countBy<T>(list: readonly T[], key: (one: T) => string): string {
  const counts = new Map<string, number>()
  for (const one of list) counts.set(key(one), (counts.get(key(one)) ?? 0) + 1)
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .map(([name, count]) => `${name} ${count}`)
    .join(', ')
}

function disagreements(results: readonly Result[]): string[] {
  const bad = results.filter(({ judgement }) => wrong.includes(judgement))
  return bad.flatMap((one) => [
    '',
    `${one.judgement}: seed ${one.seed}: ${one.project}`,
    `  ${one.why.split('\n').slice(0, 4).join('\n  ').slice(0, 500)}`,
    `  ${replayOf(one.seed)}`,
  ])
}

export function replayOf(seed: number): string {
  return `npm run test:truth -- --seed ${seed} --keep`
}
