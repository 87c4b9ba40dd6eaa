import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { createReadStream, existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { createGunzip } from 'node:zlib'
import { z } from 'zod'
import { summarise } from '../../../src/runner/ecosystems/summarise.ts'

const logs = fileURLToPath(new URL('../../../../shared/build-logs/', import.meta.url))

const Recall = z.object({ macro: z.number() })
const Score = z.object({
  missing: z.number(),
  accuracy: z.number(),
  useful: z.number(),
  size: z.object({ mean: z.number(), max: z.number() }),
  recall: z.record(z.string(), Recall),
})

async function score(): Promise<z.infer<typeof Score>> {
  const folder = await mkdtemp(join(tmpdir(), 'drydock-summaries-'))
  try {
    for (const name of await readdir(join(logs, 'maven'))) {
      if (!name.endsWith('.log.gz')) continue
      const log = createReadStream(join(logs, 'maven', name)).pipe(createGunzip())
      const summary = await summarise('maven', log)
      await writeFile(join(folder, name.replace('.log.gz', '.summary.json')), JSON.stringify(summary))
    }
    const result = join(folder, 'score.json')
    await promisify(execFile)(process.execPath, [join(logs, 'score.mjs'), folder, '--json', result])
    return Score.parse(JSON.parse(await readFile(result, 'utf8')))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

describe('72 Maven logs of real broken updates', () => {
  it('are abstracted as well as required', async function () {
    this.timeout(120_000)
    if (!existsSync(join(logs, 'score.mjs'))) {
      console.warn(`      SKIPPED: ${logs} is not there, so the score of real Maven logs was NOT measured.`)
      this.skip()
    }
    const { missing, accuracy, useful, size, recall } = await score()
    assert.equal(missing, 0)
    assert.ok(accuracy >= 0.97, `category ${accuracy}`)
    assert.ok(useful >= 0.95, `useful ${useful}`)
    assert.ok(size.mean <= 2_000, `mean ${size.mean}`)
    assert.ok(size.max <= 6_000, `max ${size.max}`)
    for (const metric of [
      'err.F.loc',
      'err.T.loc',
      'test.F.method',
      'test.T.method',
      'art.T',
      'rule.T',
      'lint.T.loc',
    ]) {
      const macro = recall[metric]?.macro
      assert.ok(macro !== undefined && macro >= 0.95, `${metric} ${macro}`)
    }
  })
})
