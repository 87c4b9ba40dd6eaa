import type { Label, Matrix, MatrixTest, RunRole, Step, StepName } from '../../src/contract/report.ts'
import type { ReviewView } from '../../src/contract/reviewView.ts'
import type { SessionView } from '../../src/contract/sessionView.ts'
import type { Tone } from '../../src/contract/states/tone.ts'

export interface LabelKind {
  readonly label: Label
  readonly tone: Tone
  readonly meaning: string
}

/** Every label, the ones that need a look first. */
export const labelKinds: readonly LabelKind[] = [
  { label: 'regressed', tone: 'bad', meaning: 'passed on the base, fails now' },
  { label: 'broken', tone: 'bad', meaning: 'broken by the update, not repaired' },
  { label: 'not run', tone: 'warn', meaning: 'ran on the base, not now' },
  { label: 'removed', tone: 'warn', meaning: 'gone from the tests' },
  { label: 'flaky', tone: 'warn', meaning: 'passes and fails by turns' },
  { label: 'repaired', tone: 'good', meaning: 'broken by the update, passes now' },
  { label: 'new', tone: 'plain', meaning: 'was not there before' },
  { label: 'already failing', tone: 'plain', meaning: 'failed before any change' },
  { label: 'passing', tone: 'good', meaning: 'passed before and passes now' },
]

const shownAtMost = 300

export interface LabelGroup extends LabelKind {
  readonly tests: readonly (MatrixTest & { readonly message?: string })[]
  /** More tests of this label than are listed. */
  readonly more: number
}

/** Tests that are not simply passing, by label. */
export function labelGroups(matrix: Matrix, messages: ReviewView['testMessages']): readonly LabelGroup[] {
  const said = new Map<string, string>(messages.map(({ id, message }) => [id, message]))
  return labelKinds.flatMap((kind) => {
    const tests = matrix.tests.filter(({ label }) => label === kind.label)
    if (tests.length === 0) return []
    const shown = tests.slice(0, shownAtMost).map((test) => {
      const message = said.get(test.id) ?? take(said, fileOf(test.id))
      return message === undefined ? test : { ...test, message }
    })
    return [{ ...kind, tests: shown, more: tests.length - shown.length }]
  })
}

/** `test/a.test.ts › Catalogue › finds it` stands in that file. */
function fileOf(id: string): string {
  return id.split(' › ', 1)[0] ?? id
}

/** Why a file did not load stands with the first of its tests, once. */
function take(said: Map<string, string>, file: string): string | undefined {
  const message = said.get(file)
  said.delete(file)
  return message
}

export interface StepRow {
  readonly name: StepName
  readonly command: string
  readonly derived: boolean
  readonly runs: readonly (Step | undefined)[]
}

const order = ['install', 'build', 'test', 'lint'] as const
const roles: readonly (readonly [RunRole, string])[] = [
  ['base', 'Base'],
  ['update', 'Update'],
  ['repair', 'Repaired'],
  ['overlay', 'Base’s tests'],
  ['dropped', 'Parts dropped'],
]

/** Commands down, runs across; a run that never was has no column. */
export function stepTable({ reports }: SessionView): {
  readonly runs: readonly string[]
  readonly rows: readonly StepRow[]
} {
  const present = roles.filter(([role]) => reports[role] !== undefined)
  const all = present.flatMap(([role]) => reports[role]?.steps ?? [])
  const commands = [...new Set(all.map(({ command }) => command))]
  const stepOf = (role: RunRole, name: StepName, command: string) =>
    reports[role]?.steps.find((step) => step.name === name && step.command === command)
  const rows = order
    .flatMap((name) => commands.map((command) => ({ name, command })))
    .map((row) => ({ ...row, runs: present.map(([role]) => stepOf(role, row.name, row.command)) }))
    .map((row) => ({ ...row, derived: row.runs.some((step) => step?.derived === true) }))
    .filter(({ runs }) => runs.some((step) => step !== undefined))
  return { runs: present.map(([, title]) => title), rows }
}

export interface FailedStep {
  readonly run: string
  readonly step: Step
}

/** Steps that failed, of the last run first. */
export function failedSteps({ reports }: SessionView): readonly FailedStep[] {
  return roles.toReversed().flatMap(([role, run]) => {
    const steps = reports[role]?.steps ?? []
    return steps.filter(failed).map((step) => ({ run, step }))
  })
}

export function failed({ exitCode, timedOut, outOfMemory }: Step): boolean {
  return exitCode !== 0 || timedOut || outOfMemory
}

export function stepEnd({ exitCode, timedOut, outOfMemory }: Step): string {
  if (timedOut) return 'timed out'
  if (outOfMemory) return 'out of memory'
  return exitCode === 0 ? 'passed' : exitCode === null ? 'ended by a signal' : `failed (${exitCode})`
}
