import assert from 'node:assert/strict'
import { join } from 'node:path'
import type { Codemod } from '../../../src/contract/codemod.ts'
import { type Applied, applyCodemod } from '../../../src/runner/codemod/apply.ts'
import { openBareRepository } from '../../../src/runner/git/bareRepository.ts'
import type { BareRepository } from '../../../src/runner/git/repository.ts'
import { inTurn } from '../../support/inTurn.ts'
import { git, makeRepository, temporaryFolder } from '../../support/madeRepository.ts'
import { type TestSandbox, testSandbox } from '../../support/sandbox.ts'

const files = {
  'src/a.js': "const uuid = require('uuid/v4')\nmodule.exports = () => uuid()\n",
  'src/b.ts': "import uuid = require('uuid/v5')\n",
  'src/Main.java': 'class Main { Object load(String text) { return new Yaml().loadAs(text); } }\n',
  'test/a.test.js': "const uuid = require('uuid/v4')\n",
  'package.json': '{ "name": "one" }\n',
  'jest.config.js': "module.exports = { uuid: require('uuid/v4') }\n",
  '.github/workflows/ci.js': "require('uuid/v4')\n",
  'tools/run.js': { executable: "#!/usr/bin/env node\nrequire('uuid/v4')\n" },
} as const

const rules = `id: deep
language: js
rule:
  pattern: require('uuid/v4')
fix: require('uuid').v4
`

function codemod(kind: Codemod['kind'], text: string, globs: readonly string[] = ['**/*']): Codemod {
  return { v: 1, kind, title: 'Named exports', files: [...globs], text }
}

describe('a codemod in its container', () => {
  let box: TestSandbox
  let folder: Awaited<ReturnType<typeof temporaryFolder>>
  let repository: BareRepository
  let tree: string
  before(async () => {
    folder = await temporaryFolder()
    const root = join(folder.path, 'user')
    await makeRepository(root, files)
    tree = await git(root, 'rev-parse', 'HEAD^{tree}')
    repository = await openBareRepository({
      dir: join(folder.path, 'repo.git'),
      source: root,
      env: process.env,
    })
    box = await testSandbox()
  })
  after(async () => {
    await box[Symbol.asyncDispose]()
    await folder[Symbol.asyncDispose]()
  })

  async function apply(codemod: Codemod, timeoutMs?: number): Promise<Applied> {
    const { signal } = new AbortController()
    const limit = timeoutMs === undefined ? {} : { timeoutMs }
    const context = { sandbox: box.sandbox, repository, progress: () => {}, signal, ...limit }
    return await applyCodemod(context, codemod, tree, [])
  }

  async function textOf(made: Applied, path: string): Promise<string | undefined> {
    if ('why' in made) throw new Error(made.why)
    return (await repository.read(made.tree, path))?.toString('utf8')
  }

  it('changes code by rules, keeps modes, and is never given configuration', async () => {
    const made = await apply(codemod('ast-grep', rules))
    assert.ok('tree' in made, JSON.stringify(made))
    assert.deepEqual([...made.changed].sort(), ['src/a.js', 'test/a.test.js', 'tools/run.js'])
    assert.equal(
      await textOf(made, 'src/a.js'),
      files['src/a.js'].replace("require('uuid/v4')", "require('uuid').v4"),
    )
    const { written, deleted } = await repository.changes(tree, made.tree)
    assert.deepEqual(deleted, [])
    assert.equal(written.find(({ path }) => path === 'tools/run.js')?.mode, '100755')
  })

  it('changes other languages by rules and by a script, and only what the globs match', async () => {
    const java = 'id: load\nlanguage: java\nrule:\n  pattern: $Y.loadAs($T)\nfix: $Y.load($T)\n'
    const made = await apply(codemod('ast-grep', java, ['**/*.java']))
    assert.match((await textOf(made, 'src/Main.java')) ?? '', /\.load\(text\)/)
    const script =
      "export default (text, path) => path.endsWith('.ts') ? text.replace('uuid/v5', 'uuid') : text"
    const second = await apply(codemod('script', script, ['src/*.ts']))
    assert.deepEqual('changed' in second && second.changed, ['src/b.ts'])
    assert.match((await textOf(second, 'src/b.ts')) ?? '', /require\('uuid'\)/)
  })

  it('that writes, deletes and adds what it likes changes nothing but the text of what it was given', async () => {
    const hostile = `
      import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
      const code = '/tmp/codemod/code/'
      for (const path of ['package.json', '.git/hooks/post-checkout', '.github/workflows/ci.js', 'new.js', '../../escaped'])
        try { mkdirSync(code + '.git/hooks', { recursive: true }); writeFileSync(code + path, 'owned') } catch {}
      for (const path of ['/workspace/owned', '/etc/owned', '/drydock/owned']) try { writeFileSync(path, 'owned') } catch {}
      rmSync(code + 'test/a.test.js')
      try { symlinkSync('/etc/passwd', code + 'src/link.js') } catch {}
      export default (text) => text`
    const made = await apply(codemod('script', hostile))
    // What it left in its container beside the code is a change of what it was not given: all of it is dropped.
    assert.ok('why' in made, JSON.stringify(made))
    assert.match(made.why, /which it was not given/)
  })

  for (const [what, answer, why] of [
    [
      'a path outside',
      { changed: [{ path: '../../etc/x', text: 'a' }], failed: [] },
      /which it was not given/,
    ],
    [
      'configuration',
      { changed: [{ path: 'jest.config.js', text: 'a' }], failed: [] },
      /jest\.config\.js, which/,
    ],
    ['no answer', 'rubbish', /could not be read/],
  ] as const)
    it(`that forges its result with ${what} is dropped`, async () => {
      const script = `import { writeFileSync } from 'node:fs'
        process.on('exit', () => writeFileSync('/tmp/codemod/result.json', ${JSON.stringify(JSON.stringify(answer))}))
        export default (text) => text`
      const made = await apply(codemod('script', script))
      assert.match('why' in made ? made.why : 'it was applied', why)
    })

  inTurn(0, 3)('that never ends, or takes all the memory there is, is ended', async () => {
    const endless = await apply(codemod('script', 'for (;;);'), 10_000)
    assert.match('why' in endless ? endless.why : '', /did not end within 10 s/)
    const large = 'const all = []; for (;;) all.push(Buffer.alloc(2 ** 26, 1))'
    const made = await apply(codemod('script', large), 120_000)
    assert.match('why' in made ? made.why : '', /ran out of memory|ended with/)
  })

  it('that is broken says why: no rule, no function, an exit, a throw in one file', async () => {
    const said = async (one: Codemod): Promise<string> => {
      const made = await apply(one)
      return 'why' in made ? made.why : (made.detail ?? 'no word')
    }
    assert.match(await said(codemod('ast-grep', 'id: [')), /ended with 1: .*not a valid ast-grep rule/)
    assert.match(await said(codemod('script', 'export const a = 1')), /exports no function/)
    assert.match(await said(codemod('script', 'process.exit(3)')), /ended with 3/)
    const throwing =
      "export default (text, path) => { if (path.endsWith('.ts')) throw new Error('odd'); return text }"
    assert.match(await said(codemod('script', throwing)), /1 file made it fail, src\/b\.ts first: Error: odd/)
  })
})
