import Table from 'cli-table3'
import { badges, standing } from '../../contract/proof.ts'
import { Label, type Matrix } from '../../contract/report.ts'
import type { Tone } from '../../contract/states/tone.ts'
import type { Verdict, Warning } from '../../contract/verdict.ts'
import type { Colors } from './colors.ts'
import { oneLine, printable } from './text.ts'

const BORDERLESS = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
}

/** A table without lines, as a terminal tool prints it. */
export function table(head: readonly string[], rows: readonly (readonly string[])[], c: Colors): string {
  const made = new Table({
    head: head.map((cell) => c.bold(cell)),
    chars: BORDERLESS,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
  })
  made.push(...rows.map((row) => [...row]))
  return made.toString()
}

/** What a tone is in a terminal. */
export function coloured(tone: Tone, c: Colors): (text: string) => string {
  return { good: c.green, bad: c.red, warn: c.yellow, busy: c.cyan, plain: (text: string) => text }[tone]
}

const BAD = new Set<Label>(['broken', 'regressed', 'removed', 'not run'])
const GOOD = new Set<Label>(['passing', 'repaired', 'new'])

function labelColour(label: Label, c: Colors): (text: string) => string {
  return BAD.has(label) ? c.red : GOOD.has(label) ? c.green : c.yellow
}

/** Counts by label, then every test that is not plainly passing (at most 40), then what is in doubt. */
export function matrixTable(matrix: Matrix, c: Colors): string {
  const counts = Label.options
    .filter((label) => (matrix.counts[label] ?? 0) > 0)
    .map((label) => labelColour(label, c)(`${matrix.counts[label]} ${label}`))
  const shown = matrix.tests.slice(0, 40)
  const rows = shown.map((t) => [
    labelColour(t.label, c)(t.label),
    oneLine(t.id, 70),
    t.base ?? '·',
    t.update ?? '·',
    t.repair ?? '·',
  ])
  const parts = [`${c.bold('Tests')}  ${counts.length === 0 ? 'none by name' : counts.join(', ')}`]
  if (rows.length > 0) parts.push(table(['', 'test', 'base', 'update', 'repaired'], rows, c))
  if (matrix.tests.length > shown.length)
    parts.push(c.dim(`… and ${matrix.tests.length - shown.length} more`))
  for (const step of matrix.steps) parts.push(stepLine(step, c))
  for (const reason of matrix.reasons) parts.push(`${c.yellow('!')} ${printable(reason)}`)
  for (const one of matrix.proven ?? []) parts.push(`${c.green('✔')} ${printable(one)}`)
  for (const one of matrix.notProven ?? []) parts.push(`${c.yellow('!')} not shown: ${printable(one)}`)
  parts.push(badge(matrix, c))
  return parts.join('\n')
}

function badge(matrix: Matrix, c: Colors): string {
  const state = standing(matrix)
  const colour = { tests: c.green, steps: c.yellow, red: c.red, 'not verified': c.red }[state]
  return colour(c.bold(`${badges[state]}.`))
}

function stepLine(step: Matrix['steps'][number], c: Colors): string {
  const word = (ok: boolean | undefined): string =>
    ok === undefined ? '·' : ok ? c.green('ok') : c.red('failed')
  const { name, command, derived, label } = step
  const which = command === undefined ? '' : c.dim(`  ${oneLine(command, 60)}${derived ? ', derived' : ''}`)
  const what = label === undefined || label === 'passing' ? '' : `  ${labelColour(label, c)(label)}`
  return `${name.padEnd(6)} base ${word(step.base)}  update ${word(step.update)}  repaired ${word(step.repair)}${what}${which}`
}

/** The judge's decision with its reasons, one criterion a line. */
export function verdictLines(verdict: Verdict, c: Colors): string {
  const colour = { approve: c.green, veto: c.red, 'not-judged': c.yellow }[verdict.decision]
  const lines = [`${c.bold('Judge')}  ${colour(verdict.decision)}  ${oneLine(verdict.summary, 160)}`]
  for (const [name, criterion] of Object.entries(verdict.criteria ?? {})) {
    lines.push(
      `  ${criterion.pass ? c.green('✔') : c.red('✖')} ${name.padEnd(9)} ${oneLine(criterion.reason, 140)}`,
    )
  }
  return lines.join('\n')
}

/** Warnings with the code that acknowledges each. */
export function warningLines(warnings: readonly Warning[], c: Colors): string {
  return warnings
    .map((w) => {
      const mark = w.severity === 'acknowledge' ? c.yellow('! must be acknowledged') : c.dim('  notice')
      return `${mark}  ${oneLine(w.message, 600)}\n    ${c.dim(oneLine(w.code, 120))}`
    })
    .join('\n')
}
