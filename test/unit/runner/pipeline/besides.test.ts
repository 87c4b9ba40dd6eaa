import assert from 'node:assert/strict'
import { joinReports } from '../../../../src/runner/pipeline/besides.ts'
import { report, step } from '../../../support/reports.ts'

describe('reports by several tools on one tree', () => {
  const own = report(
    { 'a.test.js › adds': 'passed' },
    {
      steps: [step('test', 0, { command: 'npm test' })],
      toolchain: 'Node 22',
      clock: '2026-01-01T00:00:00.000Z',
    },
  )
  const other = report(
    { 'ATest › adds': 'failed' },
    { steps: [step('test', 1, { command: 'mvn verify' })], toolchain: 'JDK 17', ok: false, notes: ['slow'] },
  )

  it('are one report: red where one of them is', () => {
    const made = joinReports([own, other])
    assert.deepEqual(
      made?.steps.map(({ command, exitCode }) => [command, exitCode]),
      [
        ['npm test', 0],
        ['mvn verify', 1],
      ],
    )
    assert.deepEqual(
      made?.tests.map(({ id }) => id),
      ['a.test.js › adds', 'ATest › adds'],
    )
    assert.deepEqual([made?.ok, made?.toolchain, made?.notes], [false, 'Node 22; JDK 17', ['slow']])
    assert.equal(made?.clock, own.clock)
  })

  it('name the commands whose tests have no names beside those that have', () => {
    const counted = report({}, { steps: [step('test', 0, { command: 'mvn verify' })], testsNamed: false })
    assert.deepEqual(joinReports([own, counted])?.unnamed, ['mvn verify'])
    assert.equal(joinReports([own, counted])?.testsNamed, true)
  })

  it('are no result where one could not be made', () => {
    const broken = { ...report({}, { steps: [], ok: false }), setupError: 'No such artifact.' }
    assert.deepEqual(
      [joinReports([own, broken])?.setupError, joinReports([own, broken])?.ok],
      ['No such artifact.', false],
    )
  })

  it('are left as they are where there is one, and are none where there is none', () => {
    assert.equal(joinReports([own]), own)
    assert.equal(joinReports([]), undefined)
  })
})
