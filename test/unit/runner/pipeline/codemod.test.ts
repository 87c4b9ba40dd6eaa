import assert from 'node:assert/strict'
import type { TestOutcome } from '../../../../src/contract/report.ts'
import { readPatch } from '../../../../src/runner/patch/read.ts'
import { resultOf } from '../../../../src/runner/pipeline/codemod.ts'
import { matrix } from '../../../../src/runner/verify/matrix.ts'
import { report, step } from '../../../support/reports.ts'

type Tests = Readonly<Record<string, TestOutcome>>

const patchOf = (path: string) =>
  readPatch(
    `diff --git a/${path} b/${path}\n--- a/${path}\n+++ b/${path}\n@@ -1 +1 @@\n-one\n+two\n`,
    '0'.repeat(40),
  )

const base = { 'test/a.js › adds': 'passed', 'test/b.js › takes': 'passed' } as const

/** What a change of one file came to that led from these tests with the update alone to those. */
function came(update: Tests, after: Tests, path = 'src/a.js', objections: readonly string[] = []) {
  const runs = { base: report(base), update: report(update, { role: 'update' }) }
  const repair = report(after, { role: 'repair' })
  const found = matrix({ ...runs, repair, flaky: new Set(), touchesTests: path.startsWith('test/') })
  return resultOf(runs, { matrix: found, objections, report: repair, patch: patchOf(path) }, {})
}

describe('what a codemod came to', () => {
  it('is covered where everything that passed before passes, and nothing speaks against it', () => {
    const broken = { ...base, 'test/a.js › adds': 'failed' } as const
    assert.equal(came(broken, base).result, 'covered')
    const objected = came(broken, base, 'src/a.js', ['The version is pinned back.'])
    assert.deepEqual([objected.result, objected.detail], ['partly', 'The version is pinned back.'])
  })

  it('is a part where something is still broken that the update broke', () => {
    const all = { 'test/a.js › adds': 'failed', 'test/b.js › takes': 'failed' } as const
    const { result, detail = '' } = came(all, { ...all, 'test/a.js › adds': 'passed' })
    assert.deepEqual([result, /takes|broken|fail/.test(detail)], ['partly', true])
  })

  it('is worse where a test that passes with the update alone does not any more', () => {
    const broken = { ...base, 'test/a.js › adds': 'failed' } as const
    const swapped = came(broken, { 'test/a.js › adds': 'passed', 'test/b.js › takes': 'failed' })
    assert.deepEqual(swapped, { result: 'worse', detail: 'test/b.js › takes does not pass any more' })
    assert.equal(came(broken, { 'test/a.js › adds': 'passed' }).result, 'worse')
  })

  it('is worse where a command that passes with the update alone does not any more', () => {
    const runs = { base: report({}), update: report({}, { steps: [step('build'), step('test', 1)] }) }
    const repair = report({}, { steps: [step('build', 1), step('test', 1)] })
    const found = matrix({ ...runs, repair, flaky: new Set(), touchesTests: false })
    const given = { matrix: found, objections: [], report: repair, patch: patchOf('src/a.js') }
    assert.deepEqual(resultOf(runs, given, {}), {
      ...{ result: 'worse', detail: 'npm run build does not pass any more' },
    })
  })

  it('is worse where tests of a file that it changed are not run any more, although they failed to load before', () => {
    // Nothing ran with the update alone: its files did not load.
    const emptied = came({}, {}, 'test/a.js')
    assert.deepEqual(emptied, { result: 'worse', detail: '1 test of files that it changed did not run' })
    assert.equal(came({}, { 'test/a.js › adds': 'passed' }, 'test/a.js').result, 'partly')
    assert.equal(came({}, {}, 'src/a.js').result, 'partly')
  })
})
