import type { CampaignReport, ReportRow } from '../../contract/fleet/report.ts'
import { carriedLines, minute, progressLine, spendingLine } from '../../contract/fleet/reportWords.ts'
import { money } from '../../contract/money.ts'
import { inlineCode } from '../publish/markdown.ts'

/** A campaign's report in Markdown: whatever comes from elsewhere stands in code spans. */
export function reportMarkdown(report: CampaignReport): string {
  const { name, task, stage, waitsFor, outcomes, carried, causes, unreachable, rows } = report
  const waits = waitsFor === null ? '' : `; waits for ${waitsFor}`
  const parts = [
    `# Campaign ${inlineCode(name)}`,
    `${inlineCode(task)}. Stage: ${stage}${waits}. ${progressLine(report)}. As of ${minute(report.updatedAt)}.`,
    section(
      'Outcomes',
      outcomes.map(({ state, count }) => `- ${state}: ${count}`),
    ),
    section(
      'Caps',
      report.spending.map((one) => `- ${spendingLine({ ...one, of: inlineCode(one.of) })}`),
    ),
    carried === null
      ? ''
      : section(
          'How far the codemod carried',
          carriedLines(carried).map((line) => `- ${line}`),
        ),
    section(
      'Failures by cause',
      causes.map(
        ({ cause, repositories, example, next }) =>
          `- ${inlineCode(cause)}, ${repositories.length}: ${names(repositories)}. ${inlineCode(example, 400)}${next === null ? '' : ` Next: ${inlineCode(next, 400)}`}`,
      ),
    ),
    section(
      'Not reached',
      unreachable.map(({ place, why }) => `- ${inlineCode(place)}: ${inlineCode(why, 400)}`),
    ),
    `## Repositories\n\n| repository | state | change by | cost | session | pull request or reason |\n| --- | --- | --- | --- | --- | --- |\n${rows.map(row).join('\n')}`,
  ]
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`
}

function section(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? '' : `## ${title}\n\n${lines.join('\n')}`
}

const mostNames = 10

function names(repositories: readonly string[]): string {
  const shown = repositories.slice(0, mostNames).map((one) => inlineCode(one))
  const more = repositories.length - shown.length
  return `${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}

/** A bar in a code span ends a cell all the same. */
function cell(text: string): string {
  return inlineCode(text).replaceAll('|', '\\|')
}

function row({ repository, state, canary, means, costUsd, session, url, reason }: ReportRow): string {
  const where = url === null ? (reason === '' ? '' : cell(reason)) : cell(url)
  const cells = [
    cell(repository),
    `${state}${canary ? ' (canary)' : ''}`,
    means ?? '',
    money(costUsd),
    session === null ? '' : cell(session),
    where,
  ]
  return `| ${cells.join(' | ')} |`
}
