import type { Report, Step, SummaryFailure } from '../../contract/report.ts'
import { bounded } from '../../contract/text.ts'

const mostTold = 5
const longest = 160
const longestText = 400

/**
 * What a command failed with on the base, in a few lines, for one that fails in another way now: without it the agent
 * would have to mend all of it. Empty where it did not fail there.
 */
export function failedBefore({ name, command }: Step, base: Report | undefined): string {
  const before = base?.steps.find((step) => step.command === command)
  if (base === undefined || !before?.exitCode) return ''
  const said = (before.summary?.failures ?? []).map(lineOf)
  const tests = name === 'test' ? base.tests.filter(({ outcome }) => outcome === 'failed') : []
  const all = [...new Set(said.length > 0 ? said : tests.map(({ id }) => id))]
  const more = all.length > mostTold ? [`- and ${all.length - mostTold} more`] : []
  const words = before.summary?.text.trim() || `It ended with ${before.exitCode}.`
  const told =
    all.length === 0 ? [bounded(words, longestText)] : all.slice(0, mostTold).map((one) => `- ${one}`)
  return [
    'Without the update it fails as well. That may stay as it is; only what is new counts:',
    ...told,
    ...more,
  ].join('\n')
}

function lineOf({ file, test, message }: SummaryFailure): string {
  const [first = ''] = message.split('\n')
  return [test ?? file ?? '', first.slice(0, longest)].filter((part) => part !== '').join(': ')
}
