import assert from 'node:assert/strict'
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { execa } from 'execa'
import { root } from '../../support/sourceGraph.ts'

/** What the copy needs to be compiled and tested. */
const parts = [
  ...[
    'src',
    'sandbox',
    'webview-ui',
    'prompts',
    'test/support',
    'test/unit/architecture',
    'test/vscode/companion',
  ],
  ...['test/unit/runner/ecosystems/contract.test.ts', 'package.json', 'tsconfig.json'],
  ...['esbuild.mjs', 'esbuild.d.mts'],
]
const folders = [
  'src/contract/ecosystems',
  'src/runner/ecosystems',
  'src/runner/registries',
  'prompts/ecosystems',
]
const fixtures = 'test/support/ecosystems'
const id = 'vendored'

/** The template by another name. */
async function copied(at: string, from: string, to: string): Promise<void> {
  await cp(join(at, from), join(at, to), { recursive: true })
  const { stdout } = await execa('git', ['ls-files', '-zo', to], { cwd: at })
  for (const path of stdout.split('\0').filter((one) => one !== '')) {
    const text = await readFile(join(at, path), 'utf8')
    const named = text
      .replaceAll('_template', id)
      .replaceAll('Template', 'Vendored')
      .replaceAll('template', id)
    await writeFile(join(at, path), named)
  }
}

describe('a new ecosystem', function () {
  this.timeout(180_000)
  let at: string
  const run = (file: string, ...args: string[]) =>
    execa(file, args, { cwd: at, preferLocal: true, all: true })

  before(async () => {
    at = await mkdtemp(join(tmpdir(), 'drydock-ecosystem-'))
    const { stdout } = await execa('git', ['ls-files', '-z', '-co', '--exclude-standard', ...parts], {
      cwd: root,
    })
    for (const path of new Set(stdout.split('\0')))
      if (path !== '' && !path.endsWith('template.test.ts'))
        await cp(join(root, path), join(at, path)).catch((error: NodeJS.ErrnoException) => {
          if (error.code !== 'ENOENT') throw error
        })
    await symlink(join(root, 'node_modules'), join(at, 'node_modules'))
    await writeFile(join(at, '.gitignore'), 'node_modules\n')
    await run('git', 'init', '-q')
    await run('git', 'add', '-A')
    await run('git', '-c', 'user.name=a', '-c', 'user.email=a@example.com', 'commit', '-qm', 'before')
    for (const folder of folders) await copied(at, `${folder}/_template`, `${folder}/${id}`)
    await copied(at, `${fixtures}/_template.ts`, `${fixtures}/${id}.ts`)
    const registered = join(at, 'src/contract/ecosystems/registered.ts')
    const line = `export { facts as ${id} } from './${id}/facts.ts'\n`
    await writeFile(registered, `${await readFile(registered, 'utf8')}${line}`)
  })
  after(() => rm(at, { recursive: true }))

  it('is a copy of the template and one line', async () => {
    const { stdout: changed } = await run('git', 'diff', '--numstat')
    assert.equal(changed, '1\t0\tsrc/contract/ecosystems/registered.ts')
    const { stdout: added } = await run('git', 'ls-files', '-o', '--exclude-standard')
    const own = [...folders.map((folder) => `${folder}/${id}`), `${fixtures}/${id}.ts`]
    const elsewhere = added.split('\n').filter((path) => !own.includes(path) && !own.includes(dirname(path)))
    assert.deepEqual(elsewhere, [])
  })

  it('compiles, passes the suite of every ecosystem, and stays in its folders', async () => {
    await run('tsc', '-p', 'tsconfig.json')
    const suites = ['runner/ecosystems/contract', 'architecture/names'].map(
      (name) => `test/unit/${name}.test.ts`,
    )
    const { all } = await run('mocha', '--timeout', '60000', ...suites)
    assert.match(all, new RegExp(`the ecosystem ${id}`))
    assert.match(all, /is known by its facts/)
  })
})
