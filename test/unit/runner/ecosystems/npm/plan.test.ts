import assert from 'node:assert/strict'
import { DrydockError } from '../../../../../src/contract/failure.ts'
import { detect } from '../../../../../src/runner/ecosystems/npm/detect.ts'
import { outdated } from '../../../../../src/runner/ecosystems/npm/outdated.ts'
import { planUpdate } from '../../../../../src/runner/ecosystems/npm/plan.ts'
import type { Tree } from '../../../../../src/runner/ecosystems/project.ts'
import { createRegistry, type Registry } from '../../../../../src/runner/registries/npm/registry.ts'
import { temporaryFolder } from '../../../../support/madeRepository.ts'
import { type TestRegistry, testRegistry } from '../../../../support/registry.ts'
import { treeOf } from '../../../../support/tree.ts'

const packages = {
  'left-pad': { '1.0.0': {}, '1.1.0': {}, '1.3.0': {}, '2.0.0': {}, '3.0.0-beta.1': {} },
  other: { '5.0.0': {} },
  future: { '1.0.0': {}, '2.0.0': { engines: { node: '>=99' } }, '2.1.0': { engines: { node: '>=4' } } },
  recent: { '1.0.0': {}, '2.0.0': { engines: { node: '>=24' } } },
  react: { '18.2.0': {}, '18.3.0': {}, '19.0.0': {} },
  'react-dom': {
    '18.2.0': { peerDependencies: { react: '^18.2.0' } },
    '18.3.0': { peerDependencies: { react: '^18.3.0' } },
    '19.0.0': { peerDependencies: { react: '^19.0.0' } },
  },
  '@types/react': { '18.2.0': {}, '19.0.1': {}, '19.0.4': {} },
  'react-widget': {
    '3.0.0': { peerDependencies: { react: '>=16 <19' } },
    '4.0.0': { peerDependencies: { react: '>=18' } },
    '4.1.0': { peerDependencies: { react: '>=18' } },
    '5.0.0': { peerDependencies: { react: '>=19' } },
  },
}

describe('plan of an update', () => {
  let registry: TestRegistry
  let client: Registry
  let folder: Awaited<ReturnType<typeof temporaryFolder>>
  before(async () => {
    registry = await testRegistry(packages)
    folder = await temporaryFolder()
    client = createRegistry(registry.host, folder.path)
  })
  after(async () => {
    await registry[Symbol.asyncDispose]()
    await folder[Symbol.asyncDispose]()
  })

  const plan = async (tree: Tree, name: string, requested: string, manifest?: string) => {
    const project = await detect(tree)
    assert.ok(project)
    return await planUpdate(
      tree,
      project,
      { package: name, requested, ...(manifest === undefined ? {} : { manifest }) },
      client,
    )
  }
  const code = (expected: string) => (error: unknown) =>
    error instanceof DrydockError && error.failure.code === expected
  const next = (words: RegExp) => (error: unknown) =>
    error instanceof DrydockError && words.test(error.failure.next)

  it('changes the version and not one other byte', async () => {
    const manifest =
      '{\r\n\t"name": "x",\r\n\t"dependencies": { "other": "^5.0.0",\r\n\t\t"left-pad":"^1.0.0" }, "z": [1,   2]\r\n}'
    const found = await plan(treeOf({ 'package.json': manifest }), 'left-pad', 'latest')
    assert.equal(found?.files.get('package.json')?.toString(), manifest.replace('^1.0.0', '^2.0.0'))
    const [asWritten, exact] = found?.resolution ?? []
    assert.deepEqual(asWritten, { manifests: found?.files })
    assert.equal(exact?.manifests.get('package.json')?.toString(), manifest.replace('^1.0.0', '2.0.0'))
    assert.equal(exact?.loosened?.manifests, found?.files)
    assert.deepEqual([found?.from, found?.to], ['1.3.0', '2.0.0'])
  })

  it('takes a range and a dist-tag', async () => {
    const tree = treeOf({ 'package.json': { dependencies: { 'left-pad': '1.0.0' } } })
    assert.equal((await plan(tree, 'left-pad', '^1.0.0'))?.to, '1.3.0')
    assert.equal((await plan(tree, 'left-pad', 'latest'))?.to, '2.0.0')
    assert.equal((await plan(tree, 'left-pad', '3.0.0-beta.1'))?.to, '3.0.0-beta.1')
  })

  it('is nothing where it is there already, and never goes back unasked', async () => {
    assert.equal(
      await plan(treeOf({ 'package.json': { dependencies: { 'left-pad': '2.0.0' } } }), 'left-pad', 'latest'),
      undefined,
    )
    const ahead = treeOf({ 'package.json': { dependencies: { 'left-pad': '3.0.0-beta.1' } } })
    assert.equal(await plan(ahead, 'left-pad', 'latest'), undefined)
    assert.equal((await plan(ahead, 'left-pad', '1.0.0'))?.to, '1.0.0')
  })

  it('says where the new version asks for another Node than the checks run on', async () => {
    const tree = treeOf({ 'package.json': { name: 'x', dependencies: { future: '1.0.0' } } })
    const said = async (version: string) =>
      (await plan(tree, 'future', version))?.warnings?.map(({ code, message }) => `${code}: ${message}`)
    assert.match(
      (await said('2.0.0'))?.join() ?? '',
      /^engine:future: future 2\.0\.0 asks for Node >=99, .*Node 22/,
    )
    assert.deepEqual(await said('2.1.0'), [])
  })

  it('says of a version that goes back that it does', async () => {
    const tree = treeOf({ 'package.json': { dependencies: { 'left-pad': '1.3.0' } } })
    const codes = async (to: string) => (await plan(tree, 'left-pad', to))?.warnings?.map(({ code }) => code)
    assert.deepEqual(await codes('1.1.0'), ['downgrade:left-pad'])
    assert.deepEqual(await codes('2.0.0'), [])
  })

  it('offers a newer Node where the new version asks for it and the own one was guessed', async () => {
    const newer = async (files: Parameters<typeof treeOf>[0]) => {
      const made = await plan(
        treeOf({ 'package.json': { dependencies: { recent: '1.0.0' } }, ...files }),
        'recent',
        '2.0.0',
      )
      return [
        made?.newerTools?.project.image,
        made?.newerTools?.warning.code,
        made?.warnings?.map(({ code }) => code),
      ]
    }
    const manifest = (engines: string) => ({
      'package.json': { engines: { node: engines }, dependencies: { recent: '1.0.0' } },
    })
    const raised = [{ kind: 'node', major: 24 }, 'newer-tools:recent', ['engine:recent']]
    const stays = [undefined, undefined, ['engine:recent']]
    assert.deepEqual(await newer({}), raised)
    assert.deepEqual(await newer(manifest('>=18')), raised)
    assert.deepEqual(
      await newer({ '.github/workflows/ci.yml': 'jobs: { a: { steps: [{ with: { node-version: 20 } }] } }' }),
      raised,
    )
    assert.deepEqual(await newer(manifest('>=18 <24')), stays)
    assert.deepEqual(await newer(manifest('20.x')), stays)
    assert.deepEqual(await newer({ '.nvmrc': '20' }), stays)
    assert.deepEqual(await newer({ '.drydock.json': { node: '20' } }), stays)
    assert.deepEqual(await newer({ '.nvmrc': '24' }), [undefined, undefined, []])
  })

  it('says what is missing', async () => {
    const tree = treeOf({
      'package.json': { dependencies: { 'left-pad': '1.0.0', gone: '^1.0.0', g: 'github:a/b' } },
    })
    await assert.rejects(plan(tree, 'left-pad', '9.9.9'), code('no-such-version'))
    await assert.rejects(plan(tree, 'gone', 'latest'), code('no-such-package'))
    await assert.rejects(plan(tree, 'other', 'latest'), code('not-a-dependency'))
    await assert.rejects(plan(tree, 'leftpad', 'latest'), next(/^Did you mean left-pad\?/))
    await assert.rejects(plan(tree, 'g', 'latest'), code('update-failed'))
  })

  it('changes every manifest of a workspace, in each its own style, or the one that is asked for', async () => {
    const tree = treeOf({
      'package.json': { workspaces: ['packages/*'], devDependencies: { 'left-pad': '~1.0.0' } },
      'packages/a/package.json': { name: 'a', dependencies: { 'left-pad': '1.x', b: 'workspace:*' } },
      'packages/b/package.json': { name: 'b', peerDependencies: { 'left-pad': '^1.0.0' } },
      'packages/d/package.json': { name: 'd', dependencies: { a: '^1.0.0' } },
      'examples/c/package.json': { name: 'c', dependencies: { 'left-pad': '1.0.0' } },
    })
    const texts = async (manifest?: string) =>
      Object.fromEntries(
        [...((await plan(tree, 'left-pad', 'latest', manifest))?.files ?? [])].map(([path, bytes]) => [
          path,
          /"left-pad": "(.*)"/.exec(bytes.toString())?.[1],
        ]),
      )
    assert.deepEqual(await texts(), {
      'package.json': '~2.0.0',
      'packages/a/package.json': '2.x',
      'packages/b/package.json': '^1.0.0 || ^2.0.0',
    })
    assert.deepEqual(await texts('packages/a/package.json'), { 'packages/a/package.json': '2.x' })
  })

  it('keeps aliases and moves overrides and catalogs along', async () => {
    const aliased = await plan(
      treeOf({
        'package.json': {
          dependencies: { pad: 'npm:left-pad@^1.0.0' },
          overrides: { pad: 'npm:left-pad@^1.0.0' },
        },
      }),
      'pad',
      'latest',
    )
    assert.equal(
      aliased?.files
        .get('package.json')
        ?.toString()
        .match(/npm:left-pad@\^2\.0\.0/g)?.length,
      2,
    )
    const catalog = 'packages:\n  - a\ncatalog:\n  # why\n  left-pad: "^1.0.0" # here\n  other: ^5.0.0\n'
    const found = await plan(
      treeOf({
        'package.json': { dependencies: { 'left-pad': 'catalog:' } },
        'pnpm-workspace.yaml': catalog,
      }),
      'left-pad',
      'latest',
    )
    assert.equal(found?.files.get('pnpm-workspace.yaml')?.toString(), catalog.replace('^1.0.0', '^2.0.0'))
  })

  it('moves peers, dependants and types along, with the reason', async () => {
    const dependencies = {
      react: '^18.2.0',
      'react-dom': '^18.2.0',
      'react-widget': '3.0.0',
      '@types/react': '^18.0.0',
    }
    const found = await plan(treeOf({ 'package.json': { dependencies } }), 'react', '19.0.0')
    assert.deepEqual(
      found?.moves.map(({ name, to }) => [name, to]),
      [
        ['react', '19.0.0'],
        ['react-dom', '19.0.0'],
        ['react-widget', '4.1.0'],
        ['@types/react', '19.0.4'],
      ],
    )
    assert.deepEqual(JSON.parse(found?.files.get('package.json')?.toString() ?? '').dependencies, {
      react: '^19.0.0',
      'react-dom': '^19.0.0',
      'react-widget': '4.1.0',
      '@types/react': '^19.0.4',
    })
    assert.match(found?.moves[1]?.reason ?? '', /peer react/)
  })

  it('moves the peer that the new version asks for', async () => {
    const tree = treeOf({ 'package.json': { dependencies: { react: '18.2.0', 'react-dom': '18.2.0' } } })
    const found = await plan(tree, 'react-dom', '19.0.0')
    assert.deepEqual(found?.moves[1], {
      name: 'react',
      from: '18.2.0',
      to: '19.0.0',
      reason: 'peer of react-dom',
    })
  })

  it('lists what is outdated, current from the lock file', async () => {
    const tree = treeOf({
      'package.json': { dependencies: { 'left-pad': '^1.0.0', other: '*', gone: '1', g: 'github:a/b' } },
      'package-lock.json': {
        lockfileVersion: 3,
        packages: {
          '': {},
          'node_modules/left-pad': { version: '1.1.0' },
          'node_modules/other': { version: '5.0.0' },
        },
      },
    })
    const project = await detect(tree)
    assert.ok(project)
    assert.deepEqual(await outdated(tree, project, client), [
      {
        name: 'left-pad',
        manifest: 'package.json',
        group: 'prod',
        range: '^1.0.0',
        current: '1.1.0',
        wanted: '1.3.0',
        latest: '2.0.0',
        change: 'major',
        choices: [{ version: '2.0.0' }, { version: '1.3.0' }],
      },
    ])
  })
})
