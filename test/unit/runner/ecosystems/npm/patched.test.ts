import assert from 'node:assert/strict'
import { carryPatches } from '../../../../../src/runner/ecosystems/npm/patched.ts'
import type { Registry } from '../../../../../src/runner/registries/npm/registry.ts'
import { tarball } from '../../../../support/tarball.ts'
import { treeOf } from '../../../../support/tree.ts'

const registry: Registry = {
  packument: () => Promise.reject(new Error('not asked')),
  origin: () => '',
  published: () => Promise.reject(new Error('not asked')),
  tarball: async (_name, version) =>
    await tarball({ 'index.js': version === '2.1.0' ? 'one\ntwo\nthree\n' : 'all\nnew\n' }),
}
const patch =
  'diff --git a/index.js b/index.js\n--- a/index.js\n+++ b/index.js\n@@ -1,3 +1,3 @@\n one\n-two\n+TWO\n three\n'
const move = (to: string) => [{ name: 'ms', registryName: 'ms', from: '2.0.0', to }]

describe('patches of packages that move', () => {
  const carry = async (to: string, files: Readonly<Record<string, string | object>>) => {
    const carried = await carryPatches(
      treeOf({ 'patches/ms.patch': patch, ...files }),
      new Map(),
      move(to),
      registry,
    )
    return {
      codes: carried.warnings.map(({ code }) => code),
      text: (path: string) => carried.files.get(path)?.toString(),
    }
  }

  it('pnpm: one that fits follows the version, one that does not is left out, every other byte stays', async () => {
    const manifest = `{\n\t"pnpm": {\n\t\t"patchedDependencies": {\n\t\t\t"ms@2.0.0": "patches/ms.patch"\n\t\t}\n\t},\n\t"name": "fx"\n}\n`
    const fits = await carry('2.1.0', { 'package.json': manifest })
    assert.equal(fits.text('package.json'), manifest.replace('ms@2.0.0', 'ms@2.1.0'))
    assert.deepEqual(fits.codes, ['patch-carried:patches/ms.patch'])
    const not = await carry('3.0.0', { 'package.json': manifest })
    assert.equal(not.text('package.json'), '{\n\t"name": "fx"\n}\n')
    assert.deepEqual(not.codes, ['patch-left-out:patches/ms.patch'])
    const last = `{\n  "name": "fx",\n  "pnpm": {\n    "overrides": {},\n    "patchedDependencies": {\n      "ms@2.0.0": "patches/ms.patch"\n    }\n  }\n}\n`
    const left = await carry('3.0.0', { 'package.json': last })
    assert.equal(left.text('package.json'), '{\n  "name": "fx",\n  "pnpm": {\n    "overrides": {}\n  }\n}\n')
  })

  it('pnpm-workspace.yaml alike; patches of other packages and versions stay', async () => {
    const yaml =
      "packages:\n  - a\npatchedDependencies:\n  'ms@2.0.0': patches/ms.patch\n  'ms@1.0.0': patches/old.patch\n  b: patches/b.patch\n"
    const files = { 'package.json': {}, 'pnpm-workspace.yaml': yaml }
    assert.equal(
      (await carry('2.1.0', files)).text('pnpm-workspace.yaml'),
      yaml.replace('ms@2.0.0', 'ms@2.1.0'),
    )
    assert.equal(
      (await carry('3.0.0', files)).text('pnpm-workspace.yaml'),
      yaml.replace("  'ms@2.0.0': patches/ms.patch\n", ''),
    )
    const only = 'packages:\n  - a\npatchedDependencies:\n  ms@2.0.0: patches/ms.patch\n'
    const last = await carry('3.0.0', { 'package.json': {}, 'pnpm-workspace.yaml': only })
    assert.equal(last.text('pnpm-workspace.yaml'), 'packages:\n  - a\n')
  })

  it('yarn: dependencies and resolutions', async () => {
    const spec = 'patch:ms@npm%3A2.0.0#~/patches/ms.patch'
    const fits = await carry('2.1.0', {
      'package.json': { dependencies: { ms: '^2.1.0' }, resolutions: { 'ms@npm:^2.0.0': spec } },
    })
    assert.deepEqual(JSON.parse(fits.text('package.json') ?? '').resolutions, {
      'ms@npm:^2.1.0': spec.replace('2.0.0', '2.1.0'),
    })
    const not = await carry('3.0.0', { 'package.json': { dependencies: { ms: spec } } })
    assert.deepEqual(JSON.parse(not.text('package.json') ?? ''), { dependencies: { ms: '3.0.0' } })
    assert.deepEqual(not.codes, ['patch-left-out:patches/ms.patch'])
  })

  it('patch-package: the file of the old version is named, nothing is edited', async () => {
    const files = {
      'package.json': {},
      'patches/ms+2.0.0.patch': patch,
      'patches/ms-extra+1.0.0.patch': patch,
    }
    const found = await carry('2.1.0', files)
    assert.deepEqual(found.codes, ['patch-of-other-version:patches/ms+2.0.0.patch'])
    assert.equal(found.text('package.json'), undefined)
  })
})
