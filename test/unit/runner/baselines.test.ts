import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import { Report } from '../../../src/contract/report.ts'
import { openBaselines } from '../../../src/runner/pipeline/baselines.ts'
import { temporaryFolder } from '../../support/madeRepository.ts'

const log = createHash('sha256').update('log').digest('hex')
const ran = { exitCode: 0, timedOut: false, outOfMemory: false, durationMs: 1, log, truncated: false }
const report = Report.parse({
  role: 'base',
  steps: [{ name: 'test', command: 'npm test', ...ran }],
  ...{ tests: [], testsNamed: false, ok: true, notes: [] },
})
const artifacts = { put: async () => log, get: async () => Buffer.from('log') }

describe('results of a base', () => {
  it('serve the day on which they were made, and are gone when another day keeps its own', async () => {
    await using folder = await temporaryFolder()
    const today = openBaselines(folder.path)
    await today.keep('a', report, artifacts)
    assert.deepEqual(await today.find('a', artifacts), report)
    assert.equal(await today.count(), 1)
    const tomorrow = openBaselines(folder.path, () => new Date(Date.now() + 86_400_000))
    assert.equal(await tomorrow.find('a', artifacts), undefined)
    assert.equal(await tomorrow.count(), 0)
    await tomorrow.keep('b', report, artifacts)
    assert.deepEqual(await readdir(folder.path), ['b.json'])
  })
})
