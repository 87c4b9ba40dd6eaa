import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

describe('red team', () => {
  it('passes every case, shared and own, through the real parts', async function () {
    this.timeout(1_800_000)
    const child = spawn(process.execPath, [join(import.meta.dirname, 'main.ts')], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let last = ''
    const failed: string[] = []
    for await (const line of createInterface({ input: child.stdout })) {
      if (/^\s+(FAILED|failed)\b/.test(line)) failed.push(line)
      if (/^\d+ passed/.test(line)) last = line
    }
    if (child.exitCode === null) await once(child, 'exit')
    assert.deepEqual(failed, [])
    assert.match(last, /^[1-9]\d\d passed, 0 failed/)
    assert.equal(child.exitCode, 0)
  })
})
