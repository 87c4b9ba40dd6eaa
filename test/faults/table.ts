import { describeFault, type Fault } from './choice.ts'
import type { Result } from './trial.ts'

/** How often each fault was tried, came about, and broke something; then each breach with the line that replays it. */
export function tableOf(results: readonly Result[]): string {
  const rows = new Map<string, Result[]>()
  for (const one of results) {
    const name = rowOf(one.choice.fault)
    rows.set(name, [...(rows.get(name) ?? []), one])
  }
  const line = (name: string, all: readonly Result[]): string => {
    const happened = all.filter((one) => one.happened)
    const ends = new Map<string, number>()
    for (const { end } of happened) ends.set(end, (ends.get(end) ?? 0) + 1)
    const told = [...ends].sort(([, a], [, b]) => b - a).map(([end, count]) => `${end} ${count}`)
    const breaches = all.filter((one) => one.breaches.length > 0).length
    const counts = [all.length, happened.length, breaches].map((count) => String(count).padStart(8))
    return `${name.padEnd(28)}${counts.join('')}   ${told.join(', ')}`
  }
  const seconds = results.reduce((sum, one) => sum + one.seconds, 0) / Math.max(1, results.length)
  return [
    `${'fault'.padEnd(28)}${['seeds', 'happened', 'breaches']
      .map((one) => one.padStart(9))
      .join('')
      .slice(1)}   how they ended`,
    ...[...rows].sort(([a], [b]) => a.localeCompare(b)).map(([name, all]) => line(name, all)),
    line('all', results),
    `${seconds.toFixed(1)} s a seed, largest runner ${Math.max(0, ...results.map(({ peakMb }) => peakMb))} MiB`,
    ...results.filter((one) => one.breaches.length > 0).flatMap(breachesOf),
  ].join('\n')
}

function rowOf(fault: Fault): string {
  if (fault.kind === 'peer') return `${fault.of} ${fault.trouble}`
  return fault.kind === 'clock' ? `clock ${fault.by}` : describeFault(fault)
}

function breachesOf({ seed, what, breaches }: Result): string[] {
  return [
    '',
    `seed ${seed}: ${what}`,
    ...breaches.map(
      ({ check, detail }) => `  ${check}: ${detail.split('\n').slice(0, 4).join('\n    ').slice(0, 700)}`,
    ),
    `  npm run test:faults -- --seed ${seed} --again`,
  ]
}
