import assert from 'node:assert/strict'
import { makesLocks } from '../../../../src/runner/ecosystems/locks.ts'
import type { Project } from '../../../../src/runner/ecosystems/project.ts'
import { withLocks } from '../../../../src/runner/install/locks.ts'
import { openRecords } from '../../../../src/runner/install/records.ts'
import { temporaryFolder } from '../../../support/madeRepository.ts'
import { treeOf } from '../../../support/tree.ts'

const project: Project = {
  ecosystem: 'npm',
  packageManager: 'tool@1',
  manifests: ['manifest'],
  versionsIn: 'locks',
  locks: [{ path: 'a.lock', writer: 'tool@1' }],
  image: { kind: 'node', major: 24 },
  config: {},
}

describe('lock files of a project', () => {
  it('are laid over its tree, each in its place, and the project has those that came to it', async () => {
    const locks = ['b.lock', 'a.lock'].map((path) => ({
      path,
      writer: 'tool@2',
      bytes: Buffer.from(`new ${path}`),
    }))
    const laid = withLocks(treeOf({ manifest: 'x', 'a.lock': 'old' }), project, locks)
    assert.deepEqual(laid.tree.paths, ['manifest', 'a.lock', 'b.lock'])
    const texts = await Promise.all(laid.tree.paths.map(async (path) => String(await laid.tree.read(path))))
    assert.deepEqual(texts, ['x', 'new a.lock', 'new b.lock'])
    assert.deepEqual(laid.project.locks, [...project.locks, { path: 'b.lock', writer: 'tool@2' }])
  })

  it('change nothing where there are none', () => {
    const tree = treeOf({ manifest: 'x' })
    assert.deepEqual(withLocks(tree, project, []), { tree, project })
  })

  it('are made where they decide and the tree has none', () => {
    assert.equal(makesLocks(project), false)
    assert.equal(makesLocks({ versionsIn: 'locks', locks: [] }), true)
    assert.equal(makesLocks({ versionsIn: 'manifests', locks: [] }), false)
  })

  it('are found again by what they were made of, all of them', async () => {
    await using folder = await temporaryFolder()
    const records = openRecords(folder.path)
    assert.equal(await records.locks('key'), undefined)
    const locks = new Map([
      ['b.lock', Buffer.from('ü\n\n')],
      ['a.lock', Buffer.from('')],
    ])
    await records.keepLocks('key', locks)
    assert.deepEqual([...((await records.locks('key')) ?? [])], [...locks])
    assert.equal(await records.locks('other'), undefined)
  })

  it('are not asked for again within a day of the same install', async () => {
    await using folder = await temporaryFolder()
    const records = openRecords(folder.path)
    const day = 24 * 3_600_000
    const ago = (ms: number) => ({ prepared: 'volume', madeAt: new Date(Date.now() - ms).toISOString() })
    await records.keepInstall('old', ago(day + 1000))
    await records.keepInstall('new', ago(day - 60_000))
    const found = ['old', 'new', 'other'].map(async (key) => (await records.install(key))?.prepared)
    assert.deepEqual(await Promise.all(found), [undefined, 'volume', undefined])
  })
})
