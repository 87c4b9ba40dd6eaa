import assert from 'node:assert/strict'
import type { Ecosystem } from '../../../../../src/runner/ecosystems/ecosystem.ts'
import { besidesOf } from '../../../../../src/runner/ecosystems/folder/besides.ts'
import { locate } from '../../../../../src/runner/ecosystems/folder/locate.ts'
import { mavenEcosystem } from '../../../../../src/runner/ecosystems/maven/index.ts'
import { npmEcosystem } from '../../../../../src/runner/ecosystems/npm/index.ts'
import { hostOf } from '../../../../support/registry.ts'
import { treeOf } from '../../../../support/tree.ts'

const host = hostOf([{ name: 'npm', url: 'https://registry.example.com/', headers: {} }])
const npm = npmEcosystem({ host, cacheDir: '/nonexistent' })
const maven = mavenEcosystem({
  host: { upstreams: [], connection: host.connection, digest: 'test' },
  cacheDir: '/nonexistent',
})

const pom =
  '<project><modelVersion>4.0.0</modelVersion><groupId>g</groupId><artifactId>a</artifactId><version>1</version></project>'
const both = {
  'package.json': { name: 'page', scripts: { test: 'node --test' } },
  'pom.xml': pom,
  '.drydock.json': { commands: { test: 'npm run all' }, testPaths: ['checks/**'] },
}

describe('what stands beside a project', () => {
  const besides = async (files: Parameters<typeof treeOf>[0], own: Ecosystem, opened = [npm, maven]) => {
    const tree = treeOf(files)
    const located = await locate(own, tree, {})
    assert.ok(located)
    return await besidesOf(opened, tree, located)
  }

  it('is the project of another ecosystem in the same folder, whichever is asked for', async () => {
    const [fromNpm, fromMaven] = await Promise.all([besides(both, npm), besides(both, maven)])
    assert.deepEqual(
      [fromNpm, fromMaven].map(({ found, unread }) => [
        found.map(({ project }) => project.manifests),
        unread,
      ]),
      [
        [[['pom.xml']], []],
        [[['package.json']], []],
      ],
    )
  })

  it('has the repository’s configuration, but not the commands that are the first one’s', async () => {
    const { found } = await besides(both, maven)
    assert.deepEqual(found[0]?.project.config, { testPaths: ['checks/**'] })
  })

  it('is nothing in other folders', async () => {
    const { found, unread } = await besides({ 'package.json': both['package.json'], 'api/pom.xml': pom }, npm)
    assert.deepEqual([found, unread], [[], []])
  })

  it('is told of where it cannot be read, or its registries are not known', async () => {
    const garbled = await besides({ ...both, 'pom.xml': '<project>' }, npm)
    const closed = await besides(both, npm, [npm])
    assert.deepEqual(
      [garbled, closed].map(({ found, unread }) => [
        found.length,
        unread.map(({ code, severity }) => [code, severity]),
      ]),
      [
        [0, [['not-checked:pom.xml', 'notice']]],
        [0, [['not-checked:pom.xml', 'notice']]],
      ],
    )
    assert.match(
      closed.unread[0]?.message ?? '',
      /nothing of it was checked: the configuration of its registries/,
    )
  })
})
