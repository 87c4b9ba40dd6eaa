import { type ComparedRow, comparison } from '../../contract/comparison.ts'
import type { SessionView } from '../../contract/sessionView.ts'
import { taskTitle } from '../../contract/task.ts'
import { diffOfDiffs, type FileDifference } from '../patch/difference.ts'
import type { Colors } from '../terminal/colors.ts'
import { colouredDiff } from '../terminal/diff.ts'
import { patchText } from '../terminal/summary.ts'
import { table } from '../terminal/tables.ts'
import { oneLine } from '../terminal/text.ts'
import type { CommandContext } from './context.ts'

export interface Compared {
  readonly before: string
  readonly after: string
  readonly title: string
  readonly rows: readonly ComparedRow[]
  readonly files: readonly FileDifference[]
}

export async function compared(
  context: CommandContext,
  before: SessionView,
  after: SessionView,
): Promise<Compared> {
  const [was, is] = await Promise.all([before, after].map((view) => patchText(context, view)))
  return {
    before: before.id,
    after: after.id,
    title: taskTitle(after.task),
    rows: comparison(before, after),
    files: diffOfDiffs(was ?? '', is ?? ''),
  }
}

/** Lines of a file's difference that a page shows. */
const mostLines = 60

/** Both runs side by side, then what their patches change differently. */
export function comparisonPage({ before, after, title, rows, files }: Compared, c: Colors): string {
  const cells = rows
    .filter((row) => row.before !== '' || row.after !== '')
    .map((row) => {
      const mark = row.same ? c.dim('=') : c.yellow('≠')
      return [row.what, oneLine(row.before, 60), mark, oneLine(row.after, 60)]
    })
  const head = ['', before, '', after]
  const parts = [
    `${c.bold(oneLine(title, 100))}, twice from the same commit, checked by the same verifier`,
    table(head, cells, c),
    `${c.bold('What the patches change differently')}  ${c.dim('lock files aside; - only the first run, + only the second')}`,
    ...(files.length === 0 ? ['Neither changes a file.'] : files.map((file) => fileText(file, c))),
  ]
  return `\n${parts.join('\n\n')}\n`
}

function fileText({ path, how, text }: FileDifference, c: Colors): string {
  const head = `${c.bold(oneLine(path, 100))}  ${how === 'same' ? c.green('the same') : c.yellow(how)}`
  if (text === '') return head
  const lines = text.split('\n')
  const more = lines.length > mostLines ? `\n${c.dim(`… ${lines.length - mostLines} more lines`)}` : ''
  return `${head}\n${colouredDiff(lines.slice(0, mostLines).join('\n'), c)}${more}`
}
