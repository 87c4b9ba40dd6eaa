import assert from 'node:assert/strict'
import { counts as maven } from '../../../../../src/runner/ecosystems/maven/counts.ts'
import { counts } from '../../../../../src/runner/ecosystems/npm/counts.ts'

const of = (passed: number, failed: number, skipped: number) => ({ passed, failed, skipped })

describe('counts in the summaries of runners', () => {
  const summaries: Readonly<Record<string, readonly [string, ReturnType<typeof of>]>> = {
    jest: ['Tests:       1 failed, 2 skipped, 1 todo, 3 passed, 7 total', of(3, 1, 3)],
    vitest: ['      Tests  1 failed | 2 passed | 1 skipped (4)', of(2, 1, 1)],
    'vitest, all well': [' Test Files  1 passed (1)\n      Tests  2 passed (2)', of(2, 0, 0)],
    mocha: ['  3 passing (5ms)\n  2 pending\n  1 failing', of(3, 1, 2)],
    ava: ['  ─\n\n  2 tests passed\n  1 test failed\n  1 test skipped\n  1 test todo', of(2, 1, 2)],
    'ava, one': ['  1 test passed', of(1, 0, 0)],
    lab: ['1 of 3 tests failed (1 skipped)', of(2, 1, 1)],
    jasmine: ['5 specs, 1 failure, 2 pending specs', of(2, 1, 2)],
    'jasmine, one': ['1 spec, 0 failures', of(1, 0, 0)],
    uvu: ['  Total:     3\n  Passed:    2\n  Skipped:   1', of(2, 1, 1)],
    tape: ['1..2\n# tests 2\n# pass  2\n\n# ok', of(2, 0, 0)],
    'node:test as TAP': [
      '# tests 4\n# suites 0\n# pass 1\n# fail 1\n# cancelled 1\n# skipped 1\n# todo 0',
      of(1, 2, 1),
    ],
    'node:test as spec': ['ℹ tests 3\nℹ pass 2\nℹ fail 0\nℹ skipped 1', of(2, 0, 1)],
    tap: ['# { total: 3, pass: 2, fail: 1 }', of(2, 1, 0)],
    playwright: ['  1 failed\n    a.spec.ts:2:1 › x\n  1 flaky\n  2 skipped\n  3 passed (2.1s)', of(4, 1, 2)],
    cucumber: ['3 scenarios (1 failed, 2 passed)\n9 steps (1 failed, 8 passed)', of(2, 1, 0)],
    'web-test-runner': ['Chrome: |█| 1/1 test files | 3 passed, 1 failed', of(3, 1, 0)],
    karma: [
      'Chrome 1: Executed 1 of 5 SUCCESS (0.1 secs / 0 secs)\rChrome 1: Executed 5 of 5 (1 FAILED) (skipped 1) (0.2 secs)',
      of(4, 1, 1),
    ],
  }
  for (const [name, [log, expected]] of Object.entries(summaries)) {
    it(name, () => {
      assert.deepEqual(counts(log), expected)
      assert.deepEqual(
        counts(`\u001b[32m${log.replaceAll('\n', '\u001b[39m\n\u001b[2m')}\u001b[0m`),
        expected,
      )
    })
  }

  it('adds up runners of one step, and is not led astray by what task runners put before a line', () => {
    const log =
      '@demo/a:test: Tests:       2 passed, 2 total\npackages/b test:   3 passing (5ms)\n[c] # pass  1\n> next\n1 spec, 1 failure'
    assert.deepEqual(counts(log), of(6, 1, 0))
  })

  it('is nothing where no runner sums up: no test ran, or Bun did', () => {
    for (const log of [
      '',
      'done in 3 s',
      ' 2 pass\n 0 fail\nRan 2 tests across 1 file.',
      'No tests found, 3 files checked',
    ]) {
      assert.equal(counts(log), undefined, log)
    }
  })

  it('tells none from nothing', () => {
    assert.deepEqual(counts('  0 passing (1ms)'), of(0, 0, 0))
    assert.deepEqual(counts('1..0\n# tests 0\n# pass  0'), of(0, 0, 0))
  })

  it('Maven: every module once', () => {
    const log = `
[INFO] Tests run: 2, Failures: 0, Errors: 0, Skipped: 0, Time elapsed: 0.1 s -- in com.example.ATest
[INFO] Tests run: 2, Failures: 0, Errors: 0, Skipped: 0
[ERROR] Tests run: 4, Failures: 1, Errors: 1, Skipped: 1
`
    assert.deepEqual(maven(log), of(3, 2, 1))
  })

  it('Maven: none where it says so of every module and no other runner speaks', () => {
    assert.deepEqual(maven('[INFO] No tests to run.'), of(0, 0, 0))
    assert.deepEqual(maven('[INFO] Tests are skipped.\n'), of(0, 0, 0))
    assert.deepEqual(
      maven(`[INFO] No tests to run.\n[INFO] Tests run: 2, Failures: 0, Errors: 0, Skipped: 0`),
      of(2, 0, 0),
    )
    assert.equal(maven('[INFO] Nothing to compile'), undefined)
    assert.equal(maven('[INFO] No tests to run.\n[INFO] --- scalatest:2.2.0:test (test) @ a ---'), undefined)
    assert.equal(maven('[INFO] No tests to run.\nTests: succeeded 5, failed 0'), undefined)
  })
})
