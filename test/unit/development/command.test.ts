import assert from 'node:assert/strict'
import { cp } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { execa } from 'execa'
import { temporaryFolder, writeFiles } from '../../support/madeRepository.ts'

const command = resolve(import.meta.dirname, '../../../bin/drydock.mjs')

describe('the command of a checkout', () => {
  it('is there before the build and says what is missing, and is the program after it', async () => {
    await using folder = await temporaryFolder()
    const own = join(folder.path, 'bin/drydock.mjs')
    await cp(command, own)
    const before = await execa(own, ['--version'], { reject: false })
    assert.deepEqual([before.exitCode, before.stdout], [5, ''])
    assert.match(before.stderr, /^not-built: .*\nNext: bash scripts\/setup$/)
    await writeFiles(folder.path, { 'dist/drydock.mjs': 'console.log(process.argv.slice(2).join())\n' })
    assert.equal((await execa(own, ['a', '--b'])).stdout, 'a,--b')
  })
})
