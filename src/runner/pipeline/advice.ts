import type { Matrix, Report } from '../../contract/report.ts'
import { failedBefore } from '../repair/failedBefore.ts'
import { failureTexts } from '../repair/failureTexts.ts'
import { holds } from '../verify/matrix.ts'

/** What the agent's own Verify tells it of a check, in a few lines. */
export function advice(report: Report, found: Matrix, base: Report): string {
  if (report.setupError !== undefined) return report.setupError
  const steps = report.steps.map(({ name, exitCode }) => `${name}: ${exitCode === 0 ? 'passed' : 'failed'}`)
  const green = holds(found)
  // What fails without the update as well is not for the agent.
  const old = found.steps.filter(({ label }) => label === 'already failing').map(({ command }) => command)
  const failed = report.steps.filter(
    ({ command, exitCode }) => !green && exitCode !== 0 && !old.includes(command),
  )
  const texts = failureTexts(failed)
  const logs = failed.flatMap((step, at) => [texts[at] ?? '', failedBefore(step, base)])
  const verdict = green ? 'Everything that passed before passes.' : 'Not yet.'
  return [verdict, steps.join(', '), ...(found.breaks ?? []), ...logs]
    .filter((part) => part !== '')
    .join('\n\n')
}
