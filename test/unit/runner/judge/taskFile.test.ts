import assert from 'node:assert/strict'
import { ZodError } from 'zod'
import { Settings } from '../../../../src/contract/settings.ts'
import type { Warning } from '../../../../src/contract/verdict.ts'
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
})
