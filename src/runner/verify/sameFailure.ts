import type { Step, SummaryFailure } from '../../contract/report.ts'
import { stablePart, stableText } from './stable.ts'

/** What a failure is about, wherever it stands in its file and however long it took. */
function keyOf({ file, test, artifact, rule, message }: SummaryFailure): string {
  const name = test === undefined ? '' : stablePart(test)
  return JSON.stringify([file ?? '', name, artifact ?? '', rule ?? '', stableText(message)])
}

function keysOf({ summary }: Step): ReadonlySet<string> {
  return new Set(summary?.failures.map(keyOf))
}

function said({ file, test, message }: SummaryFailure): string {
  const [first = ''] = message.split('\n')
  return [test ?? file, first.slice(0, 160)].filter((part) => part !== undefined && part !== '').join(': ')
}

/**
 * What a failed command says that its failed run on the base did not; undefined where it fails in the same way. Where
 * neither log could be abstracted, the whole text decides. `explained`: failures that are accounted for elsewhere.
 */
export function failsOtherwise(
  base: Step,
  last: Step,
  explained: (one: SummaryFailure) => boolean = () => false,
): string | undefined {
  const [before, now] = [base.summary?.failures ?? [], last.summary?.failures ?? []]
  if (before.length === 0 && now.length === 0) {
    const same =
      base.exitCode === last.exitCode &&
      stableText(base.summary?.text ?? '') === stableText(last.summary?.text ?? '')
    return same ? undefined : `it ended with ${last.exitCode} and other words than on the base`
  }
  if (now.length === 0) return 'it fails with nothing of what the base’s failure says'
  const known = keysOf(base)
  const fresh = now.filter((one) => !known.has(keyOf(one)) && !explained(one))
  const [first] = fresh
  if (first === undefined) return undefined
  return fresh.length === 1 ? said(first) : `${said(first)} and ${fresh.length - 1} more`
}

/** A failed command with everything that it said in two runs. */
export function bothFailures(one: Step, other: Step): Step {
  const { summary } = one
  if (summary === undefined || other.summary === undefined) return one
  const known = keysOf(one)
  const more = other.summary.failures.filter((failure) => !known.has(keyOf(failure)))
  return more.length === 0
    ? one
    : { ...one, summary: { ...summary, failures: [...summary.failures, ...more] } }
}
