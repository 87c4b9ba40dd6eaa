import assert from 'node:assert/strict'
import { exitCodeOfFailure } from '../../../../src/runner/commands/exitCode.ts'

describe('the exit code of a command that failed', () => {
  it('is that of a session which ends by the same', () => {
    assert.equal(exitCodeOfFailure('engine-not-found'), 5)
    assert.equal(exitCodeOfFailure('protection-missing'), 5)
    assert.equal(exitCodeOfFailure('bad-usage'), 2)
    assert.equal(exitCodeOfFailure('no-such-package'), 2)
    assert.equal(exitCodeOfFailure('cancelled'), 130)
  })
})
