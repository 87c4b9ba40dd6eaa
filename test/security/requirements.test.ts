import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

const shared = resolve(import.meta.dirname, '../../../shared/SECURITY.md')
const rows = readFileSync(join(import.meta.dirname, 'README.md'), 'utf8')
  .split('\n')
  .flatMap((line) => {
    const [, number, rest = ''] = /^\| (\d+) \|(.*)$/.exec(line) ?? []
    return number === undefined ? [] : [{ number, files: rest.match(/`[^`]+`/g) ?? [] }]
  })

describe('the table of requirements', () => {
  it('names each of them once, and tests that are there', () => {
    assert.deepEqual(
      rows.map(({ number }) => Number(number)),
      rows.map((_, index) => index + 1),
    )
    for (const { number, files } of rows) {
      assert.ok(files.length > 0, `no test for ${number}`)
      const gone = files.filter((file) => !existsSync(join(import.meta.dirname, '..', file.slice(1, -1))))
      assert.deepEqual(gone, [], number)
    }
  })

  it('is as long as the list of requirements', function () {
    if (!existsSync(shared)) {
      console.log('      skipped: the shared list is not here')
      this.skip()
    }
    const numbered = readFileSync(shared, 'utf8').match(/^\d+\. /gm) ?? []
    assert.equal(rows.length, numbered.length)
  })
})
