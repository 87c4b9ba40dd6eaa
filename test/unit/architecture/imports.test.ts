import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import { type Module, parseModule, root, sourceModules } from '../../support/sourceGraph.ts'
import { forbidden } from './rules.ts'

describe('imports', () => {
  let modules: readonly Module[]
  before(async function () {
    this.timeout(60_000)
    modules = await sourceModules()
  })

  it('point where the table says, types included', () => {
    assert.ok(modules.length > 500)
    assert.deepEqual(modules.flatMap(forbidden), [])
  })

  it('are refused by the table where they point elsewhere', () => {
    const one = (path: string, text: string) => forbidden(parseModule(path, text))
    assert.deepEqual(one('src/runner/verify/a.ts', "import type { R } from '../repair/repair.ts'"), [
      'src/runner/verify/a.ts → src/runner/repair/repair.ts',
    ])
    assert.equal(one('src/contract/a.ts', "import { join } from 'node:path'").length, 1)
    assert.equal(one('src/store/a.ts', "const a = await import('../runner/git/program.ts')").length, 1)
    assert.equal(one('src/runner/git/a.ts', "export { a } from 'vscode'").length, 1)
    assert.equal(one('elsewhere/a.ts', '').length, 1)
    assert.deepEqual(one('src/runner/verify/a.ts', "import { run } from '../git/program.ts'"), [])
  })

  it('never go round in a circle, not even of types: the linter turns red', async function () {
    this.timeout(60_000)
    const folder = await mkdtemp(join(root, 'src/circle-'))
    try {
      await writeFile(join(folder, 'a.ts'), "import type { B } from './b.ts'\n\nexport type A = B[]\n")
      await writeFile(join(folder, 'b.ts'), "import type { A } from './a.ts'\n\nexport type B = A[]\n")
      const linted = await execa('biome', ['lint', '--only=suspicious/noImportCycles', folder], {
        cwd: root,
        preferLocal: true,
        reject: false,
      })
      assert.notEqual(linted.exitCode, 0)
      assert.match(linted.stderr, /part of a cycle/)
    } finally {
      await rm(folder, { recursive: true })
    }
  })
})
