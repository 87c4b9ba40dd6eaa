import assert from 'node:assert/strict'
import { DrydockError } from '../../../../../src/contract/failure.ts'
import { locate, manifestsIn, type Pointer } from '../../../../../src/runner/ecosystems/folder/locate.ts'
import { npmEcosystem } from '../../../../../src/runner/ecosystems/npm/index.ts'
import { hostOf } from '../../../../support/registry.ts'
import { treeOf } from '../../../../support/tree.ts'

const host = hostOf([{ name: 'npm', url: 'https://registry.example.com/', headers: {} }])
const npm = npmEcosystem({ host, cacheDir: '/nonexistent' })
const lock = { lockfileVersion: 3, packages: { '': {} } }

const monorepo = treeOf({
  'package.json': { name: 'root', workspaces: ['packages/*'] },
  'package-lock.json': lock,
  '.nvmrc': '20',
  'packages/a/package.json': { name: 'a' },
  'web/package.json': {
    name: 'web',
    scripts: { test: 'node --test' },
    dependencies: { shared: 'file:../shared' },
  },
  'web/package-lock.json': {
    lockfileVersion: 3,
    packages: {
      '': {},
      '../shared': { version: '1.0.0' },
      'node_modules/shared': { resolved: '../shared', link: true },
    },
  },
  'web/src/index.js': '',
  'shared/package.json': { name: 'shared', scripts: { postinstall: 'true' } },
  'docs/index.md': '',
})
const headless = treeOf({ 'web/package.json': { name: 'web' }, 'api/package.json': { name: 'api' } })

describe('which project of a repository is meant', () => {
  const where = async (tree: typeof monorepo, pointer: Pointer) => {
    const found = await locate(npm, tree, pointer)
    return found && { manifests: found.project.manifests, manifest: found.manifest }
  }
  const root = ['package.json', 'packages/a/package.json']

  it('without a pointer: the one at the root', async () => {
    assert.deepEqual(await where(monorepo, {}), { manifests: root, manifest: undefined })
    assert.equal(await where(headless, {}), undefined)
  })

  it('a folder, or a manifest, of its own: there, with its own lock file', async () => {
    const expected = { manifests: ['web/package.json'], manifest: 'web/package.json' }
    assert.deepEqual(await where(monorepo, { folder: 'web' }), { ...expected, manifest: undefined })
    assert.deepEqual(await where(monorepo, { manifest: 'web/package.json' }), expected)
    assert.deepEqual(await where(monorepo, { manifest: '.\\web\\package.json' }), expected)
    assert.deepEqual(await where(monorepo, { folder: 'web', manifest: 'package.json' }), {
      manifests: root,
      manifest: 'package.json',
    })
    assert.deepEqual(await where(headless, { folder: 'api', manifest: 'package.json' }), {
      manifests: ['api/package.json'],
      manifest: 'api/package.json',
    })
    const { project } = (await locate(npm, monorepo, { folder: 'web' })) ?? {}
    assert.deepEqual(
      project?.locks.map(({ path }) => path),
      ['web/package-lock.json'],
    )
  })

  it('a member of a workspace: the workspace, and that manifest', async () => {
    const expected = { manifests: root, manifest: 'packages/a/package.json' }
    assert.deepEqual(await where(monorepo, { folder: 'packages/a' }), expected)
    assert.deepEqual(await where(monorepo, { manifest: 'packages/a/package.json' }), expected)
  })

  it('a folder without a manifest: the nearest above', async () => {
    assert.deepEqual(await where(monorepo, { folder: 'docs' }), { manifests: root, manifest: undefined })
    assert.deepEqual((await where(monorepo, { folder: 'web/src' }))?.manifests, ['web/package.json'])
  })

  it('a manifest that is not there is refused with those that are', async () => {
    await assert.rejects(
      locate(npm, headless, { manifest: 'package.json' }),
      (error: unknown) =>
        error instanceof DrydockError &&
        error.failure.code === 'no-manifest' &&
        error.failure.message.includes('api/package.json, web/package.json') &&
        error.failure.next.includes('--manifest api/package.json'),
    )
    assert.deepEqual(manifestsIn(headless), ['api/package.json', 'web/package.json'])
  })

  it('installs, checks and summarises in the folder, and speaks of it by the repository’s paths', async () => {
    const found = await locate(npm, monorepo, { folder: 'web' })
    assert.ok(found)
    const { ecosystem, project } = found
    assert.deepEqual(project.image, { kind: 'node', major: 20 }, 'a version file above counts')
    const recipe = await ecosystem.install(monorepo, project, 'frozen')
    assert.deepEqual([...recipe.files.keys()].sort(), [
      'shared/package.json',
      'web/.npmrc',
      'web/package-lock.json',
      'web/package.json',
    ])
    assert.deepEqual(recipe.command.slice(0, 5), ['/usr/bin/env', '-C', '/workspace/web', 'npm', 'ci'])
    assert.deepEqual(
      recipe.scripts.map(({ cwd }) => cwd).filter((cwd) => cwd !== 'web'),
      ['shared'],
    )
    const [check] = await ecosystem.checks(monorepo, project, { steps: ['test'] })
    assert.equal(check?.display, 'cd web && npm test')
    assert.deepEqual(check?.argv.slice(0, 3), ['/usr/bin/env', '-C', '/workspace/web'])
    const log = "src/index.ts(1,7): error TS2322: Type 'string' is not assignable to type 'number'.\n"
    const summary = ecosystem.summarise('build', log)
    assert.equal(summary.failures[0]?.file, 'web/src/index.ts')
  })

  it('a folder of the repository is inside, what lies beyond the repository is not', async () => {
    const outside = treeOf({
      'web/package.json': { name: 'web', dependencies: { other: 'file:../../other' } },
    })
    const found = await locate(npm, outside, { folder: 'web' })
    assert.ok(found)
    await assert.rejects(found.ecosystem.install(outside, found.project, 'frozen'), /registry-not-allowed/)
  })

  it('the repository’s configuration counts below, but for what is about the project at the top', async () => {
    const tree = treeOf({
      '.drydock.json': { commands: { test: 'make' }, maxTurns: 3, protectedPaths: ['infra/**'] },
      'web/.drydock.json': { protectedPaths: ['keys/**'] },
      'web/package.json': { name: 'web' },
    })
    assert.deepEqual((await locate(npm, tree, { folder: 'web' }))?.project.config, {
      maxTurns: 3,
      protectedPaths: ['infra/**', 'web/keys/**'],
    })
  })
})
