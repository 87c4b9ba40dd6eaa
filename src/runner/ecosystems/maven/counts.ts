import { stripVTControlCharacters } from 'node:util'
import type { TestCounts } from '../../../contract/report.ts'

/** surefire's and failsafe's line for a whole module; those for a class say how long it took. */
const total = /Tests run: (\d+), Failures: (\d+), Errors: (\d+), Skipped: (\d+)(?!.*Time elapsed)\s*$/

/** What surefire and failsafe say where they have nothing to run, or were told not to. */
const none = /^\[INFO\] (?:No tests to run|Tests are skipped)\.\s*$/
/** Runners of other languages count in lines of their own. */
const other =
  /\bTests?:? (?:succeeded|passed)\b|--- (?:[\w.]+:)?(?:scalatest|karma|frontend|gwt|spock|exec|antrun)[\w-]*:/i

/** Tests as the summaries of a Maven log count them, of all modules. */
export function counts(log: string): TestCounts | undefined {
  const lines = stripVTControlCharacters(log).split(/\r?\n/)
  const found = lines.flatMap((line) => {
    const match = total.exec(line)
    return match === null ? [] : [match.slice(1).map(Number)]
  })
  if (found.length === 0) {
    const isNone = lines.some((line) => none.test(line)) && !lines.some((line) => other.test(line))
    return isNone ? { passed: 0, failed: 0, skipped: 0 } : undefined
  }
  const sum = (index: number) => found.reduce((all, numbers) => all + (numbers[index] ?? 0), 0)
  const failed = sum(1) + sum(2)
  const skipped = sum(3)
  return { passed: Math.max(0, sum(0) - failed - skipped), failed, skipped }
}
