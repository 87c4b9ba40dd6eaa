import assert from 'node:assert/strict'
import { DrydockError } from '../../../../../src/contract/failure.ts'
import { detect } from '../../../../../src/runner/ecosystems/npm/detect.ts'
import { treeOf } from '../../../../support/tree.ts'

const npmLock = { lockfileVersion: 3, packages: {} }

describe('detect', () => {
  const manager = async (files: Readonly<Record<string, string | object>>) =>
    (await detect(treeOf({ 'package.json': {}, ...files })))?.packageManager

  it('knows the package manager by its lock file', async () => {
    assert.equal(await detect(treeOf({ 'README.md': '' })), undefined)
    assert.equal(await manager({ 'package-lock.json': npmLock, '.nvmrc': '24' }), 'npm@11')
    assert.equal(await manager({ 'package-lock.json': npmLock, '.nvmrc': '20' }), 'npm@10')
    assert.equal(await manager({ 'pnpm-lock.yaml': "lockfileVersion: '9.0'\n" }), 'pnpm@10')
    assert.equal(await manager({ 'pnpm-lock.yaml': "lockfileVersion: '6.0'\n" }), 'pnpm@8')
    assert.equal(await manager({ 'pnpm-lock.yaml': 'lockfileVersion: 5.4\n' }), 'pnpm@7')
    assert.equal(await manager({ 'pnpm-lock.yaml': 'lockfileVersion: 5.1\n' }), 'pnpm@7')
    assert.equal(await manager({ 'yarn.lock': '# yarn lockfile v1\n' }), 'yarn@1')
    assert.equal(await manager({ 'yarn.lock': '__metadata:\n  version: 4\n' }), 'yarn@2')
    assert.equal(await manager({ 'yarn.lock': '__metadata:\n  version: 5\n' }), 'yarn@3.1')
    assert.equal(await manager({ 'yarn.lock': '__metadata:\n  version: 7\n' }), 'yarn@4.9')
    assert.equal(await manager({ 'yarn.lock': '__metadata:\n  version: 6\n' }), 'yarn@3')
    assert.equal(await manager({ 'yarn.lock': '__metadata:\n  version: 8\n' }), 'yarn@4.9')
    assert.equal(await manager({ 'yarn.lock': '__metadata:\n  version: 10\n' }), 'yarn@4')
  })

  it('knows every minor version of a format of pnpm, and no other format', async () => {
    const of = (version: string) => manager({ 'pnpm-lock.yaml': `lockfileVersion: ${version}\n` })
    const known = ["'9.0'", "'9.1'", "'6.1'", '6.0', '5.5', '5', '5.4-inlineSpecifiers']
    const found = await Promise.all(known.map(of))
    assert.deepEqual(found, ['pnpm@10', 'pnpm@10', 'pnpm@8', 'pnpm@8', 'pnpm@7', 'pnpm@7', 'pnpm@7'])
    for (const version of ['4.1', "'7.0'", "'10.0'", "''"]) await assert.rejects(of(version), DrydockError)
  })

  it('believes the manifest where there are several lock files or none', async () => {
    const both = { 'package-lock.json': npmLock, 'pnpm-lock.yaml': "lockfileVersion: '9.0'\n" }
    assert.equal(await manager({ ...both, 'package.json': { packageManager: 'pnpm@9.1.0' } }), 'pnpm@9')
    assert.equal(await manager({ 'package.json': { packageManager: 'yarn@1.22.0' } }), 'yarn@1')
    assert.equal(await manager({}), 'npm@10')
  })

  it('takes lock files of npm 6, and refuses what is none in words', async () => {
    assert.equal(await manager({ 'package-lock.json': { lockfileVersion: 1, dependencies: {} } }), 'npm@10')
    assert.equal(await manager({ 'npm-shrinkwrap.json': { dependencies: {} } }), 'npm@10')
    await assert.rejects(
      manager({ 'package-lock.json': '<<<<<<< HEAD\n' }),
      (error: unknown) => error instanceof DrydockError && error.failure.code === 'no-manifest',
    )
  })

  it('takes a package manager that is not in every image along, where a lock file needs it', async () => {
    const image = async (files: Readonly<Record<string, string | object>>) =>
      (await detect(treeOf({ 'package.json': {}, ...files })))?.image
    assert.deepEqual(await image({ 'pnpm-lock.yaml': 'lockfileVersion: 5.4\n' }), {
      ...{ kind: 'node', major: 22 },
      tool: 'pnpm-7',
    })
    assert.deepEqual(await image({ 'pnpm-lock.yaml': "lockfileVersion: '9.0'\n" }), {
      kind: 'node',
      major: 22,
    })
  })

  const major = async (files: Readonly<Record<string, string | object>>) => {
    const found = await detect(treeOf({ 'package.json': {}, ...files }))
    return found?.image.kind === 'node' ? found.image.major : undefined
  }

  it('takes Node from .drydock.json, .nvmrc, volta, engines, in this order', async () => {
    const manifest = { engines: { node: '>=18 <19' }, volta: { node: '20.1.0' } }
    assert.equal(await major({}), 22)
    assert.equal(await major({ 'package.json': { engines: { node: '>=18 <19' } } }), 18)
    assert.equal(await major({ 'package.json': { engines: { node: '>=24' } } }), 24)
    assert.equal(await major({ 'package.json': manifest }), 20)
    assert.equal(await major({ 'package.json': manifest, '.nvmrc': 'v22.1.0\n' }), 22)
    assert.equal(await major({ 'package.json': manifest, '.nvmrc': 'lts/krypton' }), 24)
    assert.equal(await major({ 'package.json': manifest, '.nvmrc': '16' }), 16)
    assert.equal(await major({ '.nvmrc': '22', '.drydock.json': { node: '24' } }), 24)
  })

  it('finds workspaces, without those that a glob excludes', async () => {
    const found = await detect(
      treeOf({
        'package.json': { workspaces: ['./packages/*/', '!packages/b'] },
        'packages/a/package.json': {},
        'packages/b/package.json': {},
        'packages/a/node_modules/c/package.json': {},
      }),
    )
    assert.deepEqual(found?.manifests, ['package.json', 'packages/a/package.json'])
  })
})
