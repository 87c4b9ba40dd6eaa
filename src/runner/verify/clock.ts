import type { Report } from '../../contract/report.ts'

/** Where `clock.Dockerfile` puts libfaketime. */
const library = '/usr/local/lib/drydock-clock.so'

/** Environment under which a command sees the clock run on from `date`; durations are real (libfaketime(1)). */
export function clockEnv(date: string, now: number = Date.now()): Readonly<Record<string, string>> {
  return {
    LD_PRELOAD: library,
    FAKETIME: String(Math.round((Date.parse(date) - now) / 1000)),
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
    DONT_FAKE_MONOTONIC: '1',
    NO_FAKE_STAT: '1',
    // There is no shared memory in a container.
    FAKETIME_DISABLE_SHM: '1',
  }
}

function failing({ steps, tests }: Report): number {
  const commands = steps.filter(({ exitCode }) => exitCode !== 0).length
  return commands + tests.filter(({ outcome }) => outcome === 'failed').length
}

/** Which of two runs of the base stands: with the real clock, or with the commit's where less fails with it. */
export function byClock(real: Report, set: Report, date: string): Report {
  const day = date.slice(0, 10)
  if (set.setupError !== undefined || set.tests.length < real.tests.length || failing(set) >= failing(real))
    return {
      ...real,
      notes: [...real.notes, `It was run again with the clock of the commit, ${day}: no less fails.`],
    }
  const note = `Tests meet a certificate or a date that has expired: they were run with the clock of the commit, ${day}.`
  return { ...set, clock: date, notes: [...set.notes, note] }
}
