import assert from 'node:assert/strict'
import type { DependencyUpdate } from '../../../../src/contract/task.ts'
import type { Release } from '../../../../src/runner/ecosystems/release/release.ts'
import type { Packaged } from '../../../../src/runner/pipeline/packageBase.ts'
import { makeRepairContext } from '../../../../src/runner/pipeline/repairContext.ts'
import type { Run } from '../../../../src/runner/run.ts'
import { treeOf } from '../../../support/tree.ts'

const name = 'org.lib:core'

function releaseOf(word: string): Release {
  const change = { name: `org.lib.${word}.write`, word: 'write', kind: 'changed', of: 'member' } as const
  return {
    ...{ notes: [], source: 'classes', namespaces: [`org.lib.${word}`] },
    changes: [{ ...change, before: ['write(List)'], after: ['write(Chunk)'] }],
  }
}

async function contextWith(releases: Readonly<Record<string, Release>>, moves: readonly string[]) {
  const task: Partial<DependencyUpdate> = { kind: 'dependency-update', package: name }
  const release = async (_: unknown, wish: { readonly package: string }) => releases[wish.package]
  const asked = { signal: new AbortController().signal, task } as Run
  const base = { ecosystem: { release }, view: treeOf({}) } as unknown as Packaged
  const plan = { from: '1', to: '2', moves: moves.map((one) => ({ name: one, from: '1', to: '2' })) }
  return await makeRepairContext(asked, base, { plan }, undefined)
}

describe('what an agent is told of a release', () => {
  it('is that of the packages that move with it as well, under their names', async () => {
    const releases = { [name]: releaseOf('core'), 'org.lib:infrastructure': releaseOf('infrastructure') }
    const { release } = await contextWith(releases, [name, 'org.lib:infrastructure', 'org.lib:gone'])
    assert.deepEqual(release?.namespaces, ['org.lib.core', 'org.lib.infrastructure'])
    assert.deepEqual(
      release?.changes.map((change) => [change.name, change.brought]),
      [
        ['org.lib.core.write', undefined],
        ['org.lib.infrastructure.write', 'org.lib:infrastructure'],
      ],
    )
  })

  it('is theirs alone where the asked one cannot be read, and nothing where none can', async () => {
    const { release } = await contextWith({ 'org.lib:a': releaseOf('a') }, [name, 'org.lib:a'])
    assert.deepEqual(release?.namespaces, ['org.lib.a'])
    assert.equal((await contextWith({}, [name, 'org.lib:a'])).release, undefined)
  })
})
