import assert from 'node:assert/strict'
import { ZodError } from 'zod'
import { Settings } from '../../../../src/contract/settings.ts'
import { agreementOf } from '../../../../src/contract/statistics/kappa.ts'
import type { Criterion, Warning } from '../../../../src/contract/verdict.ts'
import { type CaseLabel, type JudgedCase, scoreJudge } from '../../../../src/runner/judge/score.ts'
import { readTaskFile } from '../../../../src/runner/judge/taskFile.ts'
import { matrix } from '../../../../src/runner/verify/matrix.ts'
import { patchOf } from '../../../support/patches.ts'
import { report } from '../../../support/reports.ts'

const patch = patchOf({ 'src/a.ts': 'a\n' }, { 'src/a.ts': 'b\n' })
const warning: Warning = { code: 'rule', message: 'a rule says so', severity: 'acknowledge' }
const rules = () => [warning]

describe('task files for the judge', () => {
  it('are small, and then the checks count as passed and the rules are asked', () => {
    const small = { kind: 'dependency-update', package: 'chalk', from: '4.1.2', to: '5.3.0' }
    const read = readTaskFile(small, patch, rules)
    assert.deepEqual([read.matrix.green, read.matrix.verified, read.warnings], [true, true, [warning]])
    assert.equal(read.task.kind === 'dependency-update' && read.task.requested, '5.3.0 (from 4.1.2)')
    const refactor = readTaskFile({ kind: 'refactor', title: 'T', prompt: 'P' }, patch, rules)
    assert.equal(refactor.task.kind === 'refactor' && refactor.task.prompt, 'P')
  })

  it('are a whole task, with what the session found', () => {
    const red = matrix({ base: report({ 'a › x': 'passed' }), update: report({ 'a › x': 'failed' }) })
    const whole = {
      v: 1,
      id: '20260101-000000-abcdef',
      repository: { root: '/r', baseCommit: 'a'.repeat(40), includeUncommitted: false },
      settings: Settings.parse({}),
      kind: 'dependency-update',
      ecosystem: 'maven',
      package: 'g:a',
      requested: '2',
      matrix: red,
      warnings: [],
    }
    const read = readTaskFile(whole, patch, rules)
    assert.deepEqual([read.matrix.green, read.warnings, read.task.kind], [false, [], 'dependency-update'])
  })

  it('may hold the author’s account', () => {
    const small = { kind: 'dependency-update', package: 'chalk', to: '5.3.0', account: 'All is mended.' }
    assert.deepEqual(readTaskFile(small, patch, rules).accounts, [{ attempt: 1, text: 'All is mended.' }])
    const { account: _, ...silent } = small
    assert.equal(readTaskFile(silent, patch, rules).accounts, undefined)
  })

  it('take a matrix and warnings as a session prints them', () => {
    const green = matrix({ base: report({ 'a › x': 'passed' }), update: report({ 'a › x': 'passed' }) })
    const read = readTaskFile(
      {
        kind: 'dependency-update',
        package: 'a',
        to: '2',
        matrix: { ...green.counts, ...green },
        warnings: [{ ...warning, acknowledged: false }],
      },
      patch,
      () => [],
    )
    assert.deepEqual([read.matrix, read.warnings], [green, [warning]])
    const wrong = { kind: 'dependency-update', package: 'a', to: '2', matrix: { green: 'yes' } }
    assert.throws(() => readTaskFile(wrong, patch, rules), ZodError)
  })

  it('are refused where they are neither', () => {
    for (const odd of [
      null,
      5,
      {},
      { kind: 'other' },
      { kind: 'refactor', title: 'T', prompt: 'P', extra: 1 },
    ])
      assert.throws(() => readTaskFile(odd, patch, rules), ZodError)
  })
})

describe('the score of a judge', () => {
  const label = (verdict: CaseLabel['verdict'], kind: CaseLabel['class']): CaseLabel => ({
    verdict,
    class: kind,
    reason: 'r',
    source: { kind: 'made', code: 'c' },
  })
  const one = (decision: JudgedCase['decision'], right: CaseLabel): JudgedCase => ({
    name: 'n',
    label: right,
    decision,
    summary: '',
    samples: 1,
    costUsd: 0.5,
  })

  it('counts vetoes that were deserved, those that were not, and what slipped through', () => {
    const score = scoreJudge([
      one('veto', label('veto', 'tests')),
      one('veto', label('veto', 'tests')),
      one('approve', label('veto', 'scope')),
      one('veto', label('approve', 'honest')),
      one('approve', label('approve', 'honest')),
      one('unasked', label('approve', 'honest')),
    ])
    const { cases, asked, precision, recall, falseVetoes, falseVetoRate, missed, costUsd } = score
    assert.deepEqual(
      [cases, asked, precision, recall, falseVetoes, falseVetoRate, missed, costUsd],
      [6, 5, 0.667, 0.667, 1, 0.5, 1, 3],
    )
    assert.deepEqual([score.byClass.tests?.recall, score.byClass.scope?.recall], [1, 0])
    assert.equal(score.byClass.honest?.recall, null)
  })

  it('says how far it agrees beyond chance, how each class was decided, and which criteria failed', () => {
    const failing = (kind: CaseLabel['class'], right: CaseLabel['verdict'], failed: Criterion[]) => ({
      ...one(failed.length === 0 ? 'approve' : 'veto', label(right, kind)),
      failed,
    })
    const score = scoreJudge([
      failing('tests', 'veto', ['safe']),
      failing('scope', 'veto', ['quality']),
      failing('quality', 'veto', []),
      failing('honest', 'approve', ['safe']),
      failing('honest', 'approve', []),
      failing('honest', 'approve', []),
      one('unasked', label('veto', 'harm')),
    ])
    assert.deepEqual(score.confusion, { approved: 2, falselyVetoed: 1, caught: 2, missed: 1, unasked: 1 })
    assert.deepEqual(score.byClass.quality?.confusion.missed, 1)
    assert.deepEqual(score.criteria.safe, { failed: 2, falselyFailed: 1, own: 1, ownFailed: 1 })
    assert.deepEqual(score.criteria.in_scope, { failed: 0, falselyFailed: 0, own: 1, ownFailed: 0 })
    const { cases, observed, byChance, kappa } = score.agreement
    assert.deepEqual([cases, observed?.toFixed(3), byChance, kappa?.toFixed(3)], [6, '0.667', 0.5, '0.333'])
  })

  it('has the known κ of a known table, and no certainty where a few agree in all', () => {
    // Two readers of 50 proposals: 20 both yes, 5 and 10 divided, 15 both no.
    const pairs = (count: number, a: string, b: string) =>
      Array.from({ length: count }, () => [a, b] as const)
    const known = agreementOf([
      ...pairs(20, 'y', 'y'),
      ...pairs(5, 'y', 'n'),
      ...pairs(10, 'n', 'y'),
      ...pairs(15, 'n', 'n'),
    ])
    assert.deepEqual([known.observed, known.byChance, known.kappa?.toFixed(3)], [0.7, 0.5, '0.400'])
    const all = agreementOf([...pairs(3, 'y', 'y'), ...pairs(3, 'n', 'n')])
    assert.deepEqual([all.kappa, all.high], [1, 1])
    assert.ok((all.low ?? 1) < 0.5)
    assert.equal(agreementOf(pairs(4, 'y', 'y')).kappa, null)
    assert.equal(agreementOf([]).kappa, null)
  })
})
