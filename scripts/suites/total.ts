/** What a suite printed, and how it ended. */
export interface Ended {
  readonly name: string
  readonly exitCode: number | undefined
  readonly output: string
}

export interface Total {
  /** A line for each test that failed, and for each suite that ended without its count. */
  readonly failures: readonly string[]
  /** The plain closing line that a build server reads. */
  readonly line: string
  readonly failed: boolean
}

const count = /^(?<passed>\d+) passed, (?<failed>\d+) failed(?:, (?<skipped>\d+) skipped)?$/gm

/** Adds up the suites' own counts. */
export function total(ended: readonly Ended[]): Total {
  const [sum, failures] = [{ passed: 0, failed: 0, skipped: 0 }, [] as string[]]
  for (const { name, exitCode, output } of ended) {
    failures.push(...output.split('\n').filter((line) => line.startsWith('  FAILED  ')))
    const said = [...output.matchAll(count)].at(-1)
    const of = (key: keyof typeof sum): number => Number(said?.groups?.[key] ?? 0)
    for (const key of ['passed', 'failed', 'skipped'] as const) sum[key] += of(key)
    // A suite that ended without its count has failed, whatever else it said.
    const asSaid = said !== undefined && (exitCode === 0) === (of('failed') === 0)
    if (asSaid && of('passed') + of('failed') + of('skipped') > 0) continue
    const counted = said?.[0] ?? 'without its count'
    failures.push(`  FAILED  ${name}  ended with ${exitCode ?? 'a signal'}, ${counted}`)
    sum.failed += 1
  }
  const skipped = sum.skipped > 0 ? `, ${sum.skipped} skipped` : ''
  return {
    failures,
    line: `${sum.passed} passed, ${sum.failed} failed${skipped}`,
    failed: sum.failed > 0 || sum.passed === 0,
  }
}
