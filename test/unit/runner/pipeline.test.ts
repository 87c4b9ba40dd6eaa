import assert from 'node:assert/strict'
import { once } from 'node:events'
import { runTogether } from '../../../src/runner/pipeline/runTogether.ts'
import type { Run } from '../../../src/runner/run.ts'

describe('two stages side by side', () => {
  const run = { signal: new AbortController().signal } as Run

  it('both give their answer', async () => {
    assert.deepEqual(
      await runTogether(
        run,
        async () => 1,
        async () => 'two',
      ),
      [1, 'two'],
    )
  })

  it('are cancelled and waited for where one fails, whose failure is told', async () => {
    let ended = false
    const slow = async ({ signal }: Run): Promise<void> => {
      if (!signal.aborted) await once(signal, 'abort')
      ended = true
      throw new Error('volume is in use')
    }
    const fails = async (): Promise<void> => {
      throw new Error('no such package')
    }
    await assert.rejects(runTogether(run, slow, fails), /no such package/)
    assert.equal(ended, true)
    await assert.rejects(runTogether(run, fails, slow), /no such package/)
  })
})
