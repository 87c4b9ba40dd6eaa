import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { buildTurns } from '../../../src/runner/builds.ts'
import { failureLog } from '../../../src/runner/terminal/failureLog.ts'
import { deferred } from '../../support/deferred.ts'
import { temporaryFolder } from '../../support/madeRepository.ts'

const holder = join(import.meta.dirname, '../../support/lockHolder.ts')

describe('builds of images', () => {
  it('wait for each other across processes, and go on where the other one was killed', async () => {
    await using folder = await temporaryFolder()
    const slot = join(folder.path, 'builds/slot-0')
    await mkdir(slot, { recursive: true })
    const other = spawn(process.execPath, [holder, slot], { stdio: ['ignore', 'pipe', 'inherit'] })
    assert.equal(String((await once(other.stdout, 'data'))[0]), 'held\n')
    const { signal } = new AbortController()
    const waiting = deferred<undefined>()
    const turn = buildTurns(folder.path)(signal, () => waiting.resolve(undefined))
    await waiting.promise
    other.kill('SIGKILL')
    await (await turn).release()
  })

  it('wait no longer than their session', async () => {
    await using folder = await temporaryFolder()
    const turns = buildTurns(folder.path)
    const first = await turns(new AbortController().signal, assert.fail)
    const abort = new AbortController()
    const second = turns(abort.signal, () => abort.abort(new Error('cancelled')))
    await assert.rejects(second)
    await first.release()
  })
})

describe('the log of a failure', () => {
  const failure = { code: 'image-build-failed', message: 'No: E: gone', next: 'Try.' } as const

  it('is shown where it says more than its one line, as text', () => {
    const detail = `${'line\n'.repeat(40)}\u001b[31mE: gone`
    const lines = failureLog({ ...failure, detail })
    assert.equal(lines.length, 20)
    assert.ok(!lines.join().includes('\u001b'))
    assert.deepEqual(failureLog({ ...failure, detail: 'E: gone' }), [])
    assert.deepEqual(failureLog({ ...failure, code: 'install-failed', detail }), [])
  })
})
