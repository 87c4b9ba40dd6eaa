import type { BaseMove } from '../../../contract/newBase.ts'
import { standing, wasRepaired } from '../../../contract/proof.ts'
import { Label, type MatrixStep, type MatrixTest, type Step } from '../../../contract/report.ts'
import type { ReportView } from '../../../contract/reportView.ts'
import type { SessionView } from '../../../contract/sessionView.ts'
import { inlineCode, maxReason, visibleLine } from '../markdown.ts'
import type { Part } from './part.ts'

/* What was run, before and after, and what it came to. */

/** The badge, and what it does and does not stand on. */
function proofLines({ matrix }: SessionView): readonly string[] {
  if (matrix === null) return ['**Not verified**: no check was made.']
  const { proven = [], notProven = [], reasons } = matrix
  const because = reasons
    .slice(0, 10)
    .map((reason) => inlineCode(reason, maxReason))
    .join(', ')
  const state = {
    tests: '**Verified**: no check or test that passed before fails now.',
    steps: '**Verified without a test**: no test that passed before ran again.',
    red: `**Not green**: ${because}.`,
    'not verified': `**Not verified**: ${because}.`,
  }[standing(matrix)]
  const shown = [
    ...proven.map((one) => `- Shown: ${inlineCode(one, maxReason)}`),
    ...notProven.map((one) => `- **Not shown**: ${inlineCode(one, maxReason)}`),
  ]
  return [state, ...(shown.length === 0 ? [] : [shown.slice(0, 20).join('\n')])]
}

export interface Heads {
  /** The commit of this change; undefined before there is one. */
  readonly commit?: string
}

/** Before and after as maintainers ask for it: commit, command, result; the same command each time. */
export function beforeAndAfter(view: SessionView, { commit }: Heads): Part {
  const { reports, task } = view
  const base = view.patch?.baseCommit ?? task.repository.baseCommit
  const last = reports.dropped ?? reports.repair
  const head = commit === undefined ? 'this branch' : commit.slice(0, 12)
  const runs = [
    [`before       ${base.slice(0, 12)}`, reports.base],
    [last === undefined ? `after        ${head}` : `update alone ${base.slice(0, 12)}`, reports.update],
    [`after        ${head}`, last],
  ] as const
  const made = runs.filter((run): run is readonly [string, ReportView] => run[1] !== undefined)
  const toolchain = made.at(-1)?.[1].toolchain
  const how = [
    "Each in a fresh container without a network, by the base commit's own commands",
    ...(toolchain === undefined ? [] : [`on ${inlineCode(toolchain)}`]),
  ].join(', ')
  const uncommitted = task.repository.includeUncommitted
    ? ['The session began with uncommitted work, which is not part of this branch.']
    : []
  const ran = made.length === 0 ? [] : [`${how}:`]
  return {
    title: 'Before and after',
    lead: [...proofLines(view), ...ran].join('\n\n'),
    items: made.flatMap(([name, report]) => runLines(name, report)),
    draw: (items) => `\`\`\`text\n${items.join('\n')}\n\`\`\``,
    tail: [`Base commit ${inlineCode(base)}.`, ...(view.bases ?? []).map(movedLine), ...uncommitted].join(
      ' ',
    ),
  }
}

function movedLine({ branch, from, to }: BaseMove): string {
  return `The session began on ${inlineCode(from)}; ${inlineCode(branch)} has moved to ${inlineCode(to)} since, and every run above was made again there.`
}

function runLines(name: string, report: ReportView): readonly string[] {
  const { steps, setupError } = report
  if (setupError !== undefined) return [`${name}  could not be run: ${visibleLine(setupError)}`]
  return steps.map((step) => `${name}  ${visibleLine(step.command)}  → ${resultOf(step, report)}`)
}

function resultOf(
  { name, exitCode, timedOut, outOfMemory, durationMs, counts }: Step,
  report: ReportView,
): string {
  const end = timedOut
    ? 'did not end in time'
    : outOfMemory
      ? 'ran out of memory'
      : exitCode === null
        ? 'was ended'
        : `exit code ${exitCode}`
  const found = counts ?? (name === 'test' && report.testsNamed ? report.tests : undefined)
  const tests =
    found === undefined ? '' : `; ${found.passed} passed, ${found.failed} failed, ${found.skipped} skipped`
  return `${end} after ${(durationMs / 1000).toFixed(1)} s${tests}`
}

/** `41 passing · 3 repaired`; empty where no test was reported by name. */
export function countsLine({ matrix }: Pick<SessionView, 'matrix'>): string {
  return Label.options
    .filter((label) => (matrix?.counts[label] ?? 0) > 0)
    .map((label) => `${matrix?.counts[label]} ${label}`)
    .join(' · ')
}

/** Every command, and every test that is not simply passing, in all the runs. */
export function matrixPart({ matrix }: Pick<SessionView, 'matrix'>): readonly Part[] {
  if (matrix === null) return []
  const counts = countsLine({ matrix })
  const repaired = wasRepaired(matrix)
  const unstable = (matrix.unstable ?? []).map((id) => `name differs in each run: ${inlineCode(id)}`)
  return [
    {
      title: `Tests and commands in each run: ${counts === '' ? 'no test was reported by name' : counts}`,
      lead: `Base → with the update alone${repaired ? ' → with this change' : ''}. Tests that pass in all of them are only counted.`,
      items: [
        ...matrix.steps.map((step) => stepItem(step, repaired)),
        ...matrix.tests.map((test) => testItem(test, repaired)),
        ...unstable,
      ],
      folded: true,
    },
  ]
}

const none = '–'

function stepItem({ name, command, label, base, update, repair }: MatrixStep, repaired: boolean): string {
  const runs = [base, update, ...(repaired ? [repair] : [])]
  const said = (ok: boolean | undefined): string => (ok === undefined ? none : ok ? 'passed' : '**failed**')
  return `${label ?? 'ran'}: ${inlineCode(command ?? name)} ${runs.map(said).join(' → ')}`
}

function testItem({ id, label, base, update, repair }: MatrixTest, repaired: boolean): string {
  const runs = [base, update, ...(repaired ? [repair] : [])]
  const said = (outcome: string | undefined): string =>
    outcome === 'failed' ? '**failed**' : (outcome ?? none)
  return `${label}: ${inlineCode(id)} ${runs.map(said).join(' → ')}`
}
