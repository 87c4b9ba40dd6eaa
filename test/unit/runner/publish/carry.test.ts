import assert from 'node:assert/strict'
import type { Matrix } from '../../../../src/contract/report.ts'
import { noTests } from '../../../../src/contract/report.ts'
import type { Warning } from '../../../../src/contract/verdict.ts'
import { againstCarrying } from '../../../../src/runner/publish/carry.ts'

const common = { counts: noTests, tests: [], steps: [], reasons: [] }
const matrices: Record<'tests' | 'steps' | 'not verified' | 'red', Matrix> = {
  tests: { ...common, green: true, verified: true, proof: 'tests' },
  steps: { ...common, green: true, verified: true, proof: 'steps' },
  'not verified': { ...common, green: false, verified: false, reasons: ['nothing could be run'] },
  red: { ...common, green: false, verified: true, reasons: ['a.test.js fails'] },
}
const warning = (code: string, severity: Warning['severity']): Warning => ({ code, severity, message: code })

type Case = readonly [
  title: string,
  before: keyof typeof matrices,
  there: keyof typeof matrices,
  found: { objections?: string[]; warnings?: Warning[]; acknowledged?: string[] },
  kind: string | undefined,
]
const cases: readonly Case[] = [
  ['as green as it was', 'tests', 'tests', {}, undefined],
  ['red there', 'tests', 'red', {}, 'red'],
  ['red there, where nothing was proven before', 'not verified', 'red', {}, 'red'],
  [
    'green there, with something against it',
    'tests',
    'tests',
    { objections: ['the version is gone'] },
    'red',
  ],
  ['without a test there', 'tests', 'steps', {}, 'less-proven'],
  ['not verified there', 'tests', 'not verified', {}, 'less-proven'],
  ['taken on without a test, and so it is there', 'steps', 'steps', {}, undefined],
  ['taken on without a test, and proven there', 'steps', 'tests', {}, undefined],
  ['taken on without a test, and not verified there', 'steps', 'not verified', {}, 'less-proven'],
  ['taken on unverified, and so it is there', 'not verified', 'not verified', {}, undefined],
  ['a notice more', 'tests', 'tests', { warnings: [warning('n', 'notice')] }, undefined],
  ['a box that nobody has ticked', 'tests', 'tests', { warnings: [warning('w', 'acknowledge')] }, 'warnings'],
  [
    'the box that was ticked',
    'tests',
    'tests',
    { warnings: [warning('w', 'acknowledge')], acknowledged: ['w'] },
    undefined,
  ],
]

describe('an approval on a new base', () => {
  for (const [title, before, there, found, kind] of cases) {
    it(`${kind === undefined ? 'goes along' : `does not go along (${kind})`}: ${title}`, () => {
      const { objections = [], warnings = [], acknowledged = [] } = found
      const seen = acknowledged.map((code) => ({ ...warning(code, 'acknowledge'), acknowledged: true }))
      const view = { matrix: matrices[before], warnings: seen }
      const against = againstCarrying(view, { matrix: matrices[there], objections, warnings })
      assert.equal(against?.kind, kind)
      if (against !== undefined) assert.ok(against.reasons.length > 0, 'each says why')
    })
  }
})
