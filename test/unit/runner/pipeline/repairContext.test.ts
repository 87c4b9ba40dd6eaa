import assert from 'node:assert/strict'
import type { Report } from '../../../../src/contract/report.ts'
import type { DependencyUpdate } from '../../../../src/contract/task.ts'
import type { PackageMove } from '../../../../src/contract/why.ts'
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

interface Found {
  readonly moves: readonly PackageMove[]
  readonly files: Readonly<Record<string, string>>
  readonly failing: string
  /** What sources import the versions before by. */
  readonly namespaces?: Readonly<Record<string, readonly string[]>>
}

async function contextWith(
  releases: Readonly<Record<string, Release>>,
  moves: readonly string[],
  found?: Found,
) {
  const task: Partial<DependencyUpdate> = { kind: 'dependency-update', package: name }
  const release = async (_: unknown, wish: { readonly package: string }) => releases[wish.package]
  const asked = { signal: new AbortController().signal, task } as Run
  const known = found === undefined ? {} : { moves: { moves: found.moves, more: 0 } }
  const namespacesOf = async (packages: readonly { readonly name: string }[]) =>
    new Map(packages.map((one) => [one.name, found?.namespaces?.[one.name] ?? []]))
  const base = {
    ecosystem: { release, namespacesOf },
    view: treeOf(found?.files ?? {}),
    known,
  } as unknown as Packaged
  const plan = { from: '1', to: '2', moves: moves.map((one) => ({ name: one, from: '1', to: '2' })) }
  const report = found === undefined ? undefined : failingReport(found.failing)
  return await makeRepairContext(asked, base, { plan }, report)
}

function failingReport(file: string): Report {
  const failures = [{ file, message: 'cannot find symbol' }]
  const summary = { category: 'COMPILATION_FAILURE', failures, text: 'cannot find symbol' }
  return { steps: [{ name: 'build', exitCode: 1, summary }] } as unknown as Report
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

  it('is that of what failures name, where the asked one only says the versions of others', async () => {
    const moved = (one: string, before: readonly string[], after: readonly string[]) => ({
      ...{ name: one, before: [...before], after: [...after] },
    })
    const releases = {
      'org.lib.batch:lib-batch-core': releaseOf('batch'),
      'org.lib:lib-web': releaseOf('web'),
      'org.lib:lib-core': { ...releaseOf('core'), changes: [] },
      'org.other:thing': releaseOf('other'),
    }
    const { release } = await contextWith(releases, [name], {
      moves: [
        moved('javax.served:javax.served-api', ['4'], []),
        moved('org.lib.batch:lib-batch-core', ['1'], ['2']),
        moved('org.lib:lib-core', ['1'], ['2']),
        moved('org.lib:lib-web', ['1'], ['2']),
        moved('org.other:thing', ['1'], ['2']),
      ],
      files: {
        'src/A.java': 'import javax.served.Filter;\nimport org.lib.web.Page;\nimport org.lib.batch.Job;\n',
      },
      failing: 'src/A.java',
    })
    assert.deepEqual(
      release?.changes.map((change) => [change.name, change.kind, change.brought]),
      [
        ['javax.served:javax.served-api', 'removed', undefined],
        ['org.lib.web.write', 'changed', 'org.lib:lib-web'],
        ['org.lib.batch.write', 'changed', 'org.lib.batch:lib-batch-core'],
      ],
    )
  })

  it('is found by what failing sources import, whatever a package is called, and named with its versions', async () => {
    const moved = (one: string) => ({ name: one, before: ['1'], after: ['2'] })
    const releases = {
      'org.embedded:container': releaseOf('container'),
      'org.lib:lib-web': releaseOf('web'),
    }
    const { release, decided } = await contextWith(releases, [name], {
      moves: [moved('org.embedded:container'), moved('org.lib:lib-web'), moved('org.none:none')],
      files: { 'src/A.java': 'import org.lib.web.Page;\nimport javax.served.Filter;\n' },
      namespaces: { 'org.embedded:container': ['javax.served', 'javax.served.http'] },
      failing: 'src/A.java',
    })
    assert.deepEqual(
      release?.changes.map(({ brought }) => brought),
      ['org.embedded:container', 'org.lib:lib-web'],
    )
    assert.deepEqual(decided, [
      { name: 'org.embedded:container', from: '1', to: '2' },
      { name: 'org.lib:lib-web', from: '1', to: '2' },
    ])
  })

  it('is what went away where nothing can be read', async () => {
    const { release } = await contextWith({}, [name], {
      moves: [{ name: 'javax.served:javax.served-api', before: ['4'], after: [] }],
      files: { 'src/A.java': 'import javax.served.Filter;\n' },
      failing: 'src/A.java',
    })
    assert.deepEqual(
      release?.changes.map((change) => [change.name, change.kind]),
      [['javax.served:javax.served-api', 'removed']],
    )
  })
})
