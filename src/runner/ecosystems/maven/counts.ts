import { stripVTControlCharacters } from 'node:util'
import type { TestCounts } from '../../../contract/report.ts'

/** surefire's and failsafe's line for a whole module; those for a class say how long it took. */
const total = /Tests run: (\d+), Failures: (\d+), Errors: (\d+), Skipped: (\d+)(?!.*Time elapsed)\s*$/

/** Tests as the summaries of a Maven log count them, of all modules. */
export function counts(log: string): TestCounts | undefined {
  const found = stripVTControlCharacters(log)
    .split(/\r?\n/)
    .flatMap((line) => {
      const match = total.exec(line)
      return match === null ? [] : [match.slice(1).map(Number)]
    })
  if (found.length === 0) return undefined
  const sum = (index: number) => found.reduce((all, numbers) => all + (numbers[index] ?? 0), 0)
  const failed = sum(1) + sum(2)
  const skipped = sum(3)
  return { passed: Math.max(0, sum(0) - failed - skipped), failed, skipped }
}
