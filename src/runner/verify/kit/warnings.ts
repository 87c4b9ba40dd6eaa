import type { Report } from '../../../contract/report.ts'
import type { Warning } from '../../../contract/verdict.ts'
import { acknowledge } from '../../integrity/change.ts'
import type { Decision } from './decide.ts'
import type { Rewritten } from './findings.ts'
import type { KitUnit } from './units.ts'

/** `test ok, 12 tests passed`. */
export function resultText({ steps, tests }: Report): string {
  const said = steps.map(({ name, exitCode }) => `${name} ${exitCode === 0 ? 'ok' : 'failed'}`)
  const passed = tests.filter(({ outcome }) => outcome === 'passed').length
  const failed = tests.filter(({ outcome }) => outcome === 'failed').length
  const counted = tests.length === 0 ? [] : [`${passed} passed${failed > 0 ? `, ${failed} failed` : ''}`]
  return [...said, ...counted].join(', ') || 'nothing ran'
}

const shownValues = 3
const valueChars = 200

function quoted(value: string): string {
  return JSON.stringify(value.length > valueChars ? `${value.slice(0, valueChars)}…` : value)
}

function rewrittenText(all: readonly Rewritten[]): string {
  const shown = all
    .slice(0, shownValues)
    .map(
      ({ test, expected, now, actual, by }) =>
        `${test}: expected ${quoted(expected)} before; expects ${quoted(now)} now; ${by} gives ${quoted(actual)}`,
    )
  return `${shown.join('. ')}${all.length > shownValues ? `. And ${all.length - shownValues} more` : ''}`
}

function sentences(said: string, what: readonly string[], back: Report, patched: Report): string {
  return `${said}: ${what.join('; ')}. Put back: ${resultText(back)}. As patched: ${resultText(patched)}.`
}

/** What a person must acknowledge of a unit; none where putting it back changes nothing. */
export function kitWarnings(
  unit: KitUnit,
  decision: Decision,
  back: Report,
  patched: Report,
): readonly Warning[] {
  const { id, path, said } = unit
  switch (decision.kind) {
    case 'same':
      return []
    case 'excused':
      return [acknowledge(`test-kit:${id}`, path, sentences(said, decision.what, back, patched))]
    case 'objection': {
      const what = ['it passes only as the patch has it', ...decision.what]
      return [acknowledge(`objection:${id}`, path, sentences(said, what, back, patched))]
    }
    case 'expectation': {
      const rewritten = `${path} expects what the new version gives. ${rewrittenText(decision.rewritten)}.`
      const rest = decision.what.length === 0 ? '' : ` ${sentences(said, decision.what, back, patched)}`
      return [acknowledge(`expectation:${id}`, path, `${rewritten}${rest}`)]
    }
  }
}
