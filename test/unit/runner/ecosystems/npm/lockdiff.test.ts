import assert from 'node:assert/strict'
import type { Patch } from '../../../../../src/contract/patch.ts'
import { explainLock } from '../../../../../src/runner/ecosystems/npm/lockdiff.ts'
import { treeOf } from '../../../../support/tree.ts'

type Entries = Readonly<Record<string, object>>

const entry = (name: string, version: string, more: object = {}) => ({
  version,
  resolved: `https://registry.example.com/${name}/-/${name}-${version}.tgz`,
  integrity: `sha512-${name}${version}`,
  ...more,
})
const base: Entries = {
  'node_modules/a': entry('a', '1.0.0', { dependencies: { b: '^1.0.0' } }),
  'node_modules/b': entry('b', '1.0.0'),
  'node_modules/c': entry('c', '1.0.0'),
}
const patch = (path: string): Patch => ({
  baseCommit: 'a'.repeat(40),
  digest: 'a'.repeat(64),
  text: '',
  files: [{ path, status: 'modified', binary: false, additions: 1, deletions: 1, role: 'lockfile' }],
})

describe('explanation of a lock file', () => {
  const tree = (entries: Entries, a: string) =>
    treeOf({
      'package.json': { dependencies: { a, c: '^1.0.0' } },
      'package-lock.json': { lockfileVersion: 3, packages: { '': {}, ...entries } },
    })
  const codes = async (entries: Entries, a = '^2.0.0') =>
    (
      await explainLock(tree(base, '^1.0.0'), tree({ ...base, ...entries }, a), patch('package-lock.json'))
    ).map(({ code, severity }) => `${code} ${severity}`)
  const moved = { 'node_modules/a': entry('a', '2.0.0', { dependencies: { b: '^1.1.0' } }) }

  it('is silent about what the changed specifier leads to', async () => {
    assert.deepEqual(await codes({ ...moved, 'node_modules/b': entry('b', '1.1.0') }), [])
  })

  it('names drift', async () => {
    assert.deepEqual(await codes({ ...moved, 'node_modules/c': entry('c', '1.0.1') }), [
      'lock-drift:c acknowledge',
    ])
    assert.deepEqual(await codes({ 'node_modules/c': entry('c', '1.0.1') }, '^1.0.0'), [
      'lock-drift:c acknowledge',
    ])
  })

  it('names new hosts', async () => {
    const resolved = 'https://registry.attacker.example/a-2.0.0.tgz'
    assert.deepEqual(await codes({ 'node_modules/a': entry('a', '2.0.0', { resolved }) }), [
      'new-registry-host:registry.attacker.example acknowledge',
    ])
  })

  it('names new install scripts', async () => {
    assert.deepEqual(await codes({ 'node_modules/a': entry('a', '2.0.0', { hasInstallScript: true }) }), [
      'new-install-script:a acknowledge',
    ])
  })

  it('names integrities that are missing or changed', async () => {
    assert.deepEqual(await codes({ 'node_modules/a': entry('a', '2.0.0', { integrity: undefined }) }), [
      'missing-integrity:a@2.0.0 acknowledge',
    ])
    assert.deepEqual(
      await codes({ ...moved, 'node_modules/c': entry('c', '1.0.0', { integrity: 'sha512-x' }) }),
      ['changed-integrity:c@1.0.0 acknowledge'],
    )
    assert.deepEqual(
      await codes({ ...moved, 'node_modules/c': entry('c', '1.0.0', { integrity: undefined }) }),
      ['changed-integrity:c@1.0.0 acknowledge'],
    )
  })

  it('takes a stronger algorithm for no change, and a weaker one for one', async () => {
    const between = async (before: string, after: string) => {
      const [old, now] = [before, after].map((integrity) =>
        tree({ ...base, 'node_modules/c': entry('c', '1.0.0', { integrity }) }, '^1.0.0'),
      )
      assert.ok(old && now)
      const found = await explainLock(old, now, patch('package-lock.json'))
      return found.map(({ code }) => code)
    }
    const changed = ['changed-integrity:c@1.0.0']
    assert.deepEqual(await between('sha1-c', 'sha512-c'), [])
    assert.deepEqual(await between('sha512-c', 'sha1-c'), changed)
    assert.deepEqual(await between('sha1-c', 'sha1-d'), changed)
    assert.deepEqual(await between('sha1-c', 'md4-c'), changed)
  })

  it('says nothing where no lock file changed', async () => {
    assert.deepEqual(await explainLock(tree(base, '1'), tree(moved, '2'), patch('README.md')), [])
  })
})
