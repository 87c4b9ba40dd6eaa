import assert from 'node:assert/strict'
import { join } from 'node:path'
import type { Ecosystem } from '../../../../../src/runner/ecosystems/ecosystem.ts'
import { kitParts } from '../../../../../src/runner/ecosystems/npm/kit.ts'
import { pinScripts } from '../../../../../src/runner/ecosystems/npm/scripts.ts'
import type { Project } from '../../../../../src/runner/ecosystems/project.ts'
import { openBareRepository } from '../../../../../src/runner/git/bareRepository.ts'
import { kitUnits, together, toolOf, treeWithout } from '../../../../../src/runner/verify/kit/units.ts'
import { planOverlay } from '../../../../../src/runner/verify/workspace.ts'
import { git, makeRepository, temporaryFolder } from '../../../../support/madeRepository.ts'
import { type Files, patchOf } from '../../../../support/patches.ts'

const manifest = (test: string, version: string, more = {}) =>
  JSON.stringify({ scripts: { test }, dependencies: { x: version }, ...more })
const before: Files = {
  'package.json': manifest('mocha', '1', { eslintConfig: { root: true } }),
  'src/a.js': 'old\n',
  'test/a.test.js': 'old test\n',
  'test/gone.test.js': 'kept\n',
  '.mocharc.json': '{}\n',
  'packages/b/.eslintrc.json': '{}\n',
}
const after: Files = {
  'package.json': manifest('mocha --exit', '2', { mocha: { retries: 9 } }),
  'src/a.js': 'new\n',
  'test/a.test.js': 'new test\nof two lines\n',
  'test/setup.js': 'global.it = () => {}\n',
  '.mocharc.json': '{"require":"./test/setup.js"}\n',
  'eslint.config.js': 'export default []\n',
  '__mocks__/x.js': 'module.exports = 1\n',
  'node_modules/.bin/mocha': 'exit 0\n',
}
const ecosystem = { pinScripts, kitParts } as Pick<Ecosystem, 'pinScripts' | 'kitParts'> as Ecosystem
const project: Project = {
  ecosystem: 'npm',
  packageManager: 'npm@11',
  manifests: ['package.json'],
  versionsIn: 'locks',
  locks: [],
  image: { kind: 'node', major: 22 },
  config: {},
}

async function trees(made: Files = after) {
  const folder = await temporaryFolder()
  const root = join(folder.path, 'user')
  await makeRepository(root, before)
  const repository = await openBareRepository({ dir: join(folder.path, 'repo.git'), source: root })
  const baseTree = (await git(root, 'rev-parse', 'HEAD^{tree}')).trim()
  const paths = new Set([...Object.keys(before), ...Object.keys(made)])
  const files = [...paths].map((path) => [path, made[path]] as const)
  const patchedTree = await repository.withFiles(
    baseTree,
    new Map(files.map(([path, text]) => [path, text === undefined ? null : Buffer.from(text)])),
  )
  const request = { baseTree, patchedTree, patch: patchOf(before, made), project }
  return { folder, repository, baseTree, patchedTree, units: await kitUnits(repository, ecosystem, request) }
}

describe('the tool of a configuration', () => {
  it('is told by the name of its file, whatever its form', () => {
    const names = {
      eslint: [
        '.eslintrc',
        '.eslintrc.json',
        '.eslintrc.cjs',
        'eslint.config.mjs',
        '.eslintignore',
        'a/eslint.config.ts',
      ],
      babel: ['.babelrc', 'babel.config.js', '.babelrc.json'],
      mocha: ['.mocharc.yml', 'mocha.opts', '.mocharc.cjs'],
      prettier: ['.prettierrc', '.prettierrc.toml', 'prettier.config.mjs', '.prettierignore'],
      jest: ['jest.config.ts', 'jest.setup.js'],
      typedoc: ['typedoc.json', '.typedoc.json'],
      tsconfig: ['tsconfig.json'],
      commitlint: ['.commitlintrc.yml', 'commitlint.config.js'],
    }
    for (const [tool, paths] of Object.entries(names))
      for (const path of paths) assert.equal(toolOf(path), tool, path)
  })
})

describe('what a patch changes of the base’s kit', () => {
  it('is put back one at a time, the biggest first; a tool that changes its form is one', async () => {
    const { folder, units } = await trees()
    await using _folder = folder
    assert.deepEqual(units.map(({ id }) => id).sort(), [
      '__mocks__/x.js',
      'eslint.config.js',
      'package.json#mocha',
      'package.json#scripts.test',
      'test/a.test.js',
      'test/gone.test.js',
      'test/setup.js',
    ])
    const said = (id: string) => units.find((unit) => unit.id === id)?.said
    assert.equal(said('package.json#scripts.test'), "The base's script test of package.json, put back alone")
    assert.equal(said('test/setup.js'), 'test/setup.js, new with the patch and taken out alone')
    assert.equal(
      said('test/gone.test.js'),
      "The base's test/gone.test.js, which the patch deletes, put back alone",
    )
    assert.match(
      said('eslint.config.js') ?? '',
      /configuration of eslint.*eslint\.config\.js.*package\.json#eslintConfig/,
    )
    assert.ok(units.every(({ size }, index) => size <= (units[index - 1]?.size ?? size)))
  })

  it('lies as a whole over the patched tree, and every one alone', async () => {
    const { folder, repository, patchedTree, units } = await trees()
    await using _folder = folder
    const tree = await treeWithout(repository, patchedTree, units)
    const read = async (from: string, path: string) => (await repository.read(from, path))?.toString()
    assert.deepEqual((await repository.entries(tree)).map(({ path }) => path).sort(), [
      '.mocharc.json',
      'node_modules/.bin/mocha',
      'package.json',
      'packages/b/.eslintrc.json',
      'src/a.js',
      'test/a.test.js',
      'test/gone.test.js',
    ])
    assert.deepEqual(
      [await read(tree, 'test/a.test.js'), await read(tree, '.mocharc.json'), await read(tree, 'src/a.js')],
      ['old test\n', '{}\n', 'new\n'],
    )
    assert.deepEqual(JSON.parse((await read(tree, 'package.json')) ?? ''), {
      ...{ scripts: { test: 'mocha' }, dependencies: { x: '2' }, eslintConfig: { root: true } },
    })
    const only = units.filter(({ id }) => id === 'package.json#scripts.test')
    const alone = await treeWithout(repository, patchedTree, only)
    assert.deepEqual(JSON.parse((await read(alone, 'package.json')) ?? ''), {
      ...{ scripts: { test: 'mocha' }, dependencies: { x: '2' }, mocha: { retries: 9 } },
    })
    assert.equal(await read(alone, 'test/a.test.js'), 'new test\nof two lines\n')
    const rest = together(units, 'Seven of them')
    assert.deepEqual([rest.kind, rest.files.size, rest.parts.length], ['config', 7, 3])
  })

  it('is nothing where a patch leaves it alone', async () => {
    const { folder, units } = await trees({ ...before, 'src/a.js': 'new\n' })
    await using _folder = folder
    assert.deepEqual(units, [])
  })
})

describe('the tree of a verification', () => {
  it("runs the base's scripts, and leaves out what stands for an installation", async () => {
    const { folder, repository, baseTree, patchedTree } = await trees()
    await using _folder = folder
    const overlay = await planOverlay(repository, ecosystem, {
      prepared: baseTree,
      wanted: patchedTree,
      scripts: baseTree,
      project,
    })
    const written = overlay.written.map(({ path }) => path)
    assert.ok(written.includes('src/a.js') && !written.includes('node_modules/.bin/mocha'))
    assert.deepEqual([...overlay.deleted].sort(), ['packages/b/.eslintrc.json', 'test/gone.test.js'])
    const read = JSON.parse((await repository.read(overlay.tree, 'package.json'))?.toString() ?? '')
    assert.deepEqual([read.scripts, read.dependencies], [{ test: 'mocha' }, { x: '2' }])
    const own = await planOverlay(repository, ecosystem, { prepared: baseTree, wanted: patchedTree, project })
    assert.equal(own.tree, patchedTree)
  })
})
