import assert from 'node:assert/strict'
import { join } from 'node:path'
import { changedUnits } from '../../../scripts/dev/changedUnits.ts'
import { git, makeRepository, temporaryFolder, writeFiles } from '../../support/madeRepository.ts'

const files = {
  'src/shape.ts': 'export interface Shape { readonly sides: number }\n',
  'src/deep.ts': 'export const deep = 1\n',
  'src/middle.ts': "export * from './deep.ts'\nexport const unused = 2\n",
  'src/other.ts': 'export const other = 3\n',
  'test/unit/a.test.ts': "import { deep } from '../../src/middle.ts'\nconsole.log(deep)\n",
  'test/unit/b/b.test.ts':
    "const { other } = await import('../../../src/other.ts')\nimport 'a-package'\nconsole.log(other)\n",
}

describe('units of what changed', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>
  let root: string
  before(async () => {
    folder = await temporaryFolder()
    root = join(folder.path, 'checkout')
    await makeRepository(root, files)
    await git(root, 'checkout', '-q', '-b', 'work')
  })
  after(() => folder[Symbol.asyncDispose]())
  afterEach(async () => {
    await git(root, 'reset', '-q', '--hard', 'main')
    await git(root, 'clean', '-q', '-f', '-d')
  })

  it('are those that import it through other files, committed or not', async () => {
    await writeFiles(root, { 'src/deep.ts': 'export const deep = 4\n' })
    assert.deepEqual(await changedUnits(root), { units: ['test/unit/a.test.ts'], unreached: [] })
    await git(root, 'commit', '-q', '-a', '-m', 'Changed')
    assert.deepEqual(await changedUnits(root), { units: ['test/unit/a.test.ts'], unreached: [] })
  })

  it('are those that import it when they run, and new ones', async () => {
    await writeFiles(root, {
      'src/other.ts': 'export const other = 5\n',
      'test/unit/c.test.ts': 'console.log(1)\n',
    })
    const { units } = await changedUnits(root)
    assert.deepEqual(units, ['test/unit/b/b.test.ts', 'test/unit/c.test.ts'])
  })

  it('says which files none of them imports', async () => {
    await writeFiles(root, { 'README.md': 'Read me.\n', 'src/shape.ts': '' })
    assert.deepEqual(await changedUnits(root), { units: [], unreached: ['README.md', 'src/shape.ts'] })
  })

  it('leaves out what the main branch got since', async () => {
    await writeFiles(root, { 'src/deep.ts': 'export const deep = 6\n' })
    await git(root, 'commit', '-q', '-a', '-m', 'Changed')
    await git(root, 'checkout', '-q', 'main')
    await writeFiles(root, { 'src/other.ts': 'export const other = 7\n' })
    await git(root, 'commit', '-q', '-a', '-m', 'Changed as well')
    await git(root, 'checkout', '-q', 'work')
    assert.deepEqual((await changedUnits(root)).units, ['test/unit/a.test.ts'])
  })
})
