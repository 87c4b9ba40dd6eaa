import Table from 'cli-table3'
import type { PatchSource } from '../../contract/events.ts'
import { badges, standing, wasRepaired } from '../../contract/proof.ts'
import { Label, type Matrix } from '../../contract/report.ts'
import type { Tone } from '../../contract/states/tone.ts'
import type { Verdict, Warning } from '../../contract/verdict.ts'
import type { Colors } from './colors.ts'
import { oneLine, printable, testName } from './text.ts'
import { lengthOf, wrapped } from './wrap.ts'

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

/**
 * A table without lines, as a terminal tool prints it. Where it is wider than `columns`, cells go on below, at words: the
 * widest first. The first column, most often an id, stays whole; words of others are cut where nothing else helps.
 */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  c: Colors,
  columns = Number.POSITIVE_INFINITY,
): string {
  const widths = widthsWithin([head, ...rows], columns)
  const made = new Table({
    head: head.map((cell) => c.bold(cell)),
    chars: BORDERLESS,
    ...(Number.isFinite(columns) ? { colWidths: [...widths] } : {}),
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
  })
  made.push(...rows.map((row) => row.map((cell, at) => wrapped(cell, widths[at] ?? columns))))
  return made.toString()
}

/** Columns between two cells. */
const gap = 2

/** Up to this width a column stays whole as long as others can give way; columns. */
const short = 16
/** Words beyond this are cut before short columns give way; columns. */
const long = 18
/** To this width the words of a column are cut, where there is no other way; columns. */
const narrowest = 8

function widthsWithin(rows: readonly (readonly string[])[], columns: number): readonly number[] {
  const measured = (rows[0] ?? []).map((_, at) => {
    const cells = rows.map((row) => row[at] ?? '')
    const width = Math.max(0, ...cells.map(lengthOf))
    // What goes on below is indented.
    const word = 2 + Math.max(0, ...cells.flatMap((cell) => cell.split(/\s+/).map(lengthOf)))
    const kept = Math.max(word, short)
    return { width, stages: at === 0 ? [kept] : [kept, Math.min(kept, long), word, narrowest] }
  })
  const total = (): number => measured.reduce((sum, { width }) => sum + width + gap, -gap)
  for (const stage of [0, 1, 2, 3])
    while (total() > columns) {
      const [widest] = measured
        .filter(({ width, stages }) => width > (stages[stage] ?? width))
        .toSorted((a, b) => b.width - a.width)
      if (widest === undefined) break
      widest.width -= 1
    }
  return measured.map(({ width }) => width)
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

const mostTests = 40
/** That a command did not come to its tests is one fact, however many they are. */
const mostNotRun = 3

function shownTests({ tests }: Matrix): Matrix['tests'] {
  const notRun = new Set(tests.filter(({ label }) => label === 'not run').slice(mostNotRun))
  return tests.filter((test) => !notRun.has(test)).slice(0, mostTests)
}

/** What its last run is called: a repair, or whatever else the change is by now. */
type LastRun = 'repaired' | 'change'

/** A patch that an agent or a codemod made is a repair; what a reviewer left of an update is none. */
export function lastRunOf(source: PatchSource | undefined): LastRun {
  return source === 'reviewer' ? 'change' : 'repaired'
}

/** Characters of a test's name where nothing is known of the terminal. */
const usualName = 70
/** Lines that a name may take in a narrow terminal. */
const linesOfName = 2

/** What the other columns leave of a terminal's for a line of a test's name. */
function roomForName(rows: readonly (readonly string[])[], columns: number): number {
  if (!Number.isFinite(columns)) return usualName
  const others = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => lengthOf(row[at] ?? ''))))
  const left = columns - others.reduce((sum, width) => sum + width + gap, 0)
  return Math.max(narrowest, left)
}

/** Counts by label, then the tests that are not plainly passing, then what is in doubt. */
export function matrixTable(
  matrix: Matrix,
  c: Colors,
  last: LastRun,
  columns = Number.POSITIVE_INFINITY,
): string {
  const counts = Label.options
    .filter((label) => (matrix.counts[label] ?? 0) > 0)
    .map((label) => labelColour(label, c)(`${matrix.counts[label]} ${label}`))
  const shown = shownTests(matrix)
  const repaired = wasRepaired(matrix)
  const head = ['base', 'update', ...(repaired ? [last] : [])]
  const results = shown.map((t) => [t.base ?? '·', t.update ?? '·', ...(repaired ? [t.repair ?? '·'] : [])])
  const labels = shown.map((t) => t.label)
  const room = roomForName(
    [['', ...head], ...results.map((cells, at) => [labels[at] ?? '', ...cells])],
    columns,
  )
  const rows = shown.map((t, at) => [
    labelColour(t.label, c)(t.label),
    Number.isFinite(columns) ? testName(t.id, room * linesOfName, room) : testName(t.id, room),
    ...(results[at] ?? []),
  ])
  const parts = [`${c.bold('Tests')}  ${counts.length === 0 ? 'none by name' : counts.join(', ')}`]
  if (rows.length > 0) parts.push(table(['', 'test', ...head], rows, c, columns))
  if (matrix.tests.length > shown.length)
    parts.push(c.dim(`… and ${matrix.tests.length - shown.length} more: --json has them`))
  for (const step of matrix.steps) parts.push(stepLine(step, repaired ? last : undefined, c))
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

function stepLine(step: Matrix['steps'][number], last: LastRun | undefined, c: Colors): string {
  const word = (ok: boolean | undefined): string =>
    ok === undefined ? '·' : ok ? c.green('ok') : c.red('failed')
  const { name, command, derived, label } = step
  const which = command === undefined ? '' : c.dim(`  ${oneLine(command, 60)}${derived ? ', derived' : ''}`)
  const third = last === undefined ? '' : `  ${last} ${word(step.repair)}`
  const what = label === undefined || label === 'passing' ? '' : `  ${labelColour(label, c)(label)}`
  return `${name.padEnd(6)} base ${word(step.base)}  update ${word(step.update)}${third}${what}${which}`
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
