import assert from 'node:assert/strict'
import { detect } from '../../../../../src/runner/ecosystems/npm/detect.ts'
import { explainLock } from '../../../../../src/runner/ecosystems/npm/lockdiff.ts'
import { outdated } from '../../../../../src/runner/ecosystems/npm/outdated.ts'
import { planUpdate } from '../../../../../src/runner/ecosystems/npm/plan.ts'
import { resolved } from '../../../../../src/runner/ecosystems/npm/resolved.ts'
import type { Tree } from '../../../../../src/runner/ecosystems/project.ts'
import { createRegistry, type Registry } from '../../../../../src/runner/registries/npm/registry.ts'
import { temporaryFolder } from '../../../../support/madeRepository.ts'
import { type TestRegistry, testRegistry } from '../../../../support/registry.ts'
import { treeOf } from '../../../../support/tree.ts'

type Files = Readonly<Record<string, string | object>>

const root = (rest: object, text = '1.0.0') => ({ name: 'root', dependencies: { pad: text }, ...rest })
const npmLock = (version: string, more: object = {}) => ({
  lockfileVersion: 3,
  packages: { '': {}, 'node_modules/pad': { version }, ...more },
})
const pnpmLock = (version: string) =>
  `lockfileVersion: '9.0'\n\nimporters:\n\n  .:\n    dependencies:\n      pad:\n        specifier: ${version}\n        version: ${version}\n\npackages:\n\n  pad@${version}:\n    resolution: {integrity: sha512-x}\n`
const berryLock = (range: string, version: string, format = 8) =>
  `__metadata:\n  version: ${format}\n  cacheKey: 10c0\n\n"pad@npm:${range}":\n  version: ${version}\n  resolution: "pad@npm:${version}"\n`
const classicLock = (keys: string, version: string) =>
  `# yarn lockfile v1\n\n\n${keys}:\n  version "${version}"\n`
const yarnRoot = (rest: object, text?: string) => root({ packageManager: 'yarn@4.12.0', ...rest }, text)

/** What is there, and the texts that an update to 1.3.0 leaves of the changed files. */
const moves: readonly (readonly [kind: string, files: Files, path: string, changed: RegExp])[] = [
  [
    'npm: an override by name',
    { 'package.json': root({ overrides: { pad: '1.0.0' } }), 'package-lock.json': npmLock('1.0.0') },
    'package.json',
    /"overrides": \{\s*"pad": "1\.3\.0"/,
  ],
  [
    'npm: an override of itself beside its children',
    {
      'package.json': root({ overrides: { pad: { '.': '1.0.0', other: '5.0.0' } } }),
      'package-lock.json': npmLock('1.0.0'),
    },
    'package.json',
    /"\.": "1\.3\.0",\s*"other": "5\.0\.0"/,
  ],
  [
    'npm: an override for a range that still meets',
    {
      'package.json': root({ overrides: { 'pad@1': { '.': '1.0.0' } } }),
      'package-lock.json': npmLock('1.0.0'),
    },
    'package.json',
    /"pad@1": \{\s*"\.": "1\.3\.0"/,
  ],
  [
    'pnpm: an override in package.json',
    { 'package.json': root({ pnpm: { overrides: { pad: '1.0.0' } } }), 'pnpm-lock.yaml': pnpmLock('1.0.0') },
    'package.json',
    /"overrides": \{\s*"pad": "1\.3\.0"/,
  ],
  [
    'pnpm: an override for this package beneath the root',
    {
      'package.json': root({ pnpm: { overrides: { 'root>pad@1': '1.0.0' } } }),
      'pnpm-lock.yaml': pnpmLock('1.0.0'),
    },
    'package.json',
    /"root>pad@1": "1\.3\.0"/,
  ],
  [
    'pnpm: an override in the workspace file, with its comments',
    {
      'package.json': root({}),
      'pnpm-lock.yaml': pnpmLock('1.0.0'),
      'pnpm-workspace.yaml': '# ours\noverrides:\n  \'pad\': "1.0.0" # why\n  other: 5.0.0\n',
    },
    'pnpm-workspace.yaml',
    /^# ours\noverrides:\n {2}'pad': "1\.3\.0" # why\n {2}other: 5\.0\.0\n$/,
  ],
  [
    'pnpm: a named catalog',
    {
      'package.json': root({}, 'catalog:old'),
      'pnpm-lock.yaml': pnpmLock('1.0.0'),
      'pnpm-workspace.yaml': 'catalog:\n  pad: 2.0.0\ncatalogs:\n  old:\n    pad: ~1.0.0\n',
    },
    'pnpm-workspace.yaml',
    /^catalog:\n {2}pad: 2\.0\.0\ncatalogs:\n {2}old:\n {4}pad: ~1\.3\.0\n$/,
  ],
  [
    'pnpm: an override that names a catalog',
    {
      'package.json': root({}),
      'pnpm-lock.yaml': pnpmLock('1.0.0'),
      'pnpm-workspace.yaml': "catalog:\n  pad: 1.0.0\noverrides:\n  pad: 'catalog:'\n",
    },
    'pnpm-workspace.yaml',
    /^catalog:\n {2}pad: 1\.3\.0\noverrides:\n {2}pad: 'catalog:'\n$/,
  ],
  [
    'yarn: a resolution',
    { 'package.json': yarnRoot({ resolutions: { pad: '1.0.0' } }), 'yarn.lock': berryLock('1.0.0', '1.0.0') },
    'package.json',
    /"resolutions": \{\s*"pad": "1\.3\.0"/,
  ],
  [
    'yarn: a resolution beneath the root',
    {
      'package.json': yarnRoot({ resolutions: { 'root/pad': '1.0.0' } }, '^1.0.0'),
      'yarn.lock': berryLock('1.0.0', '1.0.0'),
    },
    'package.json',
    /"root\/pad": "1\.3\.0"/,
  ],
  [
    'yarn classic: a resolution with a glob',
    {
      'package.json': root({ resolutions: { '**/pad': '1.0.0' } }, '^1.0.0'),
      'yarn.lock': classicLock('pad@1.0.0, pad@^1.0.0', '1.0.0'),
    },
    'package.json',
    /"\*\*\/pad": "1\.3\.0"/,
  ],
  [
    'yarn: a catalog',
    {
      'package.json': yarnRoot({}, 'catalog:'),
      '.yarnrc.yml': 'nodeLinker: node-modules\n\ncatalog:\n  pad: ^1.0.0 # all\n',
      'yarn.lock': berryLock('^1.0.0', '1.0.0'),
    },
    '.yarnrc.yml',
    /^nodeLinker: node-modules\n\ncatalog:\n {2}pad: \^1\.3\.0 # all\n$/,
  ],
  [
    'a key that is there twice: the last, which counts',
    {
      'package.json':
        '{ "dependencies": { "pad": "0.9.0",\n "other": "5.0.0", "pad": "1.0.0" }, "devDependencies": {} }',
      'package-lock.json': npmLock('1.0.0'),
    },
    'package.json',
    /"pad": "0\.9\.0",\n "other": "5\.0\.0", "pad": "1\.3\.0"/,
  ],
  [
    'a package in two groups',
    {
      'package.json': root({ devDependencies: { pad: '~1.0.0' } }),
      'package-lock.json': npmLock('1.0.0'),
    },
    'package.json',
    /"pad": "1\.3\.0"[\s\S]*"pad": "~1\.3\.0"/,
  ],
]

/** Overrides that are about something else stay as they are. */
const untouched: readonly (readonly [kind: string, files: Files, stays: RegExp])[] = [
  [
    'npm: beneath another package',
    {
      'package.json': root({ overrides: { other: { pad: '1.0.0' } } }),
      'package-lock.json': npmLock('1.0.0'),
    },
    /"other": \{\s*"pad": "1\.0\.0"/,
  ],
  [
    'npm: a reference to the declared version',
    { 'package.json': root({ overrides: { pad: '$pad' } }), 'package-lock.json': npmLock('1.0.0') },
    /"pad": "\$pad"/,
  ],
  [
    'pnpm: for a range that the declaration leaves',
    {
      'package.json': root({ pnpm: { overrides: { 'pad@<1.2': '1.0.0' } } }),
      'pnpm-lock.yaml': pnpmLock('1.0.0'),
    },
    /"pad@<1\.2": "1\.0\.0"/,
  ],
  [
    'pnpm: for another package in its place',
    {
      'package.json': root({ pnpm: { overrides: { pad: 'npm:other@5.0.0' } } }),
      'pnpm-lock.yaml': pnpmLock('1.0.0'),
    },
    /"pad": "npm:other@5\.0\.0"/,
  ],
  [
    'pnpm: one that takes the dependency away',
    {
      'package.json': root({ pnpm: { overrides: { pad: '-' } } }),
      'pnpm-lock.yaml': "lockfileVersion: '9.0'\n\noverrides:\n  pad: '-'\n\nimporters:\n\n  .: {}\n",
    },
    /"pad": "-"/,
  ],
  [
    'yarn: for another descriptor than the declared one',
    {
      'package.json': yarnRoot({ resolutions: { 'pad@npm:^1.0.0': '1.0.0' } }),
      'yarn.lock': berryLock('1.0.0', '1.0.0'),
    },
    /"pad@npm:\^1\.0\.0": "1\.0\.0"/,
  ],
  [
    'yarn classic: what does not hold for the root itself',
    {
      'package.json': root({ resolutions: { '**/pad': '0.9.0' } }, '^1.0.0'),
      'yarn.lock': classicLock('pad@^1.0.0', '1.0.0'),
    },
    /"\*\*\/pad": "0\.9\.0"/,
  ],
]

/** Where it stays behind, and who is named. */
const behind: readonly (readonly [kind: string, files: Files, version: string | undefined, by: RegExp])[] = [
  [
    'pnpm override',
    { 'package.json': root({ pnpm: { overrides: { pad: '1.0.0' } } }), 'pnpm-lock.yaml': pnpmLock('1.0.0') },
    '1.0.0',
    /^pnpm\.overrides\.pad in package\.json \(1\.0\.0\)$/,
  ],
  [
    'npm override of itself',
    {
      'package.json': root({ overrides: { pad: { '.': '1.0.0' } } }),
      'package-lock.json': npmLock('1.0.0'),
    },
    '1.0.0',
    /^overrides\.pad\["\."\] in package\.json/,
  ],
  [
    'yarn patch',
    {
      'package.json': yarnRoot({ resolutions: { pad: 'patch:pad@npm%3A1.0.0#./pad.patch' } }, '^1.0.0'),
      'yarn.lock': berryLock('1.0.0', '1.0.0').replace(
        '"pad@npm:1.0.0":',
        '"pad@patch:pad@npm%3A1.0.0#./pad.patch":',
      ),
    },
    '1.0.0',
    /^resolutions\.pad in package\.json \(patch:/,
  ],
  [
    'yarn catalog without a lock entry',
    {
      'package.json': yarnRoot({}, 'catalog:'),
      '.yarnrc.yml': 'catalog:\n  pad: ^1.3.0\n',
      'yarn.lock': berryLock('^1.0.0', '1.0.0'),
    },
    undefined,
    /^catalog\.pad in \.yarnrc\.yml \(\^1\.3\.0\)$/,
  ],
]

describe('what decides a version besides its manifest', () => {
  let registry: TestRegistry
  let client: Registry
  let folder: Awaited<ReturnType<typeof temporaryFolder>>
  before(async () => {
    registry = await testRegistry({
      pad: { '0.9.0': {}, '1.0.0': {}, '1.3.0': {}, '2.0.0': {} },
      other: { '5.0.0': {} },
    })
    folder = await temporaryFolder()
    client = createRegistry(registry.host, folder.path)
  })
  after(async () => {
    await registry[Symbol.asyncDispose]()
    await folder[Symbol.asyncDispose]()
  })

  const known = async (tree: Tree) => {
    const project = await detect(tree)
    assert.ok(project)
    return project
  }
  const plan = async (tree: Tree, requested = '1.3.0', manifest?: string) =>
    await planUpdate(
      tree,
      await known(tree),
      { package: 'pad', requested, ...(manifest === undefined ? {} : { manifest }) },
      client,
    )

  for (const [kind, files, path, changed] of moves)
    it(`moves along: ${kind}`, async () => {
      const found = await plan(treeOf(files))
      assert.deepEqual([found?.from, found?.to], ['1.0.0', '1.3.0'])
      assert.match(found?.files.get(path)?.toString() ?? '', changed)
    })

  for (const [kind, files, stays] of untouched)
    it(`stays: ${kind}`, async () => {
      const found = await plan(treeOf(files))
      assert.match(found?.files.get('package.json')?.toString() ?? '', stays)
    })

  for (const [kind, files, version, by] of behind)
    it(`is named: ${kind}`, async () => {
      const tree = treeOf(files)
      const places = await resolved(tree, await known(tree), 'pad')
      assert.deepEqual(
        places.map((place) => [place.manifest, place.version]),
        [['package.json', version]],
      )
      assert.match(places[0]?.by ?? '', by)
    })

  it('is up to date only where every manifest has the version', async () => {
    const files = {
      'package.json': { workspaces: ['packages/*'], dependencies: { pad: '^1.0.0' } },
      'packages/a/package.json': { name: 'a', dependencies: { pad: '1.0.0' } },
      'package-lock.json': npmLock('1.3.0', { 'packages/a/node_modules/pad': { version: '1.0.0' } }),
    }
    const found = await plan(treeOf(files))
    assert.deepEqual([found?.from, [...(found?.files.keys() ?? [])]], ['1.0.0', ['packages/a/package.json']])
    assert.equal(await plan(treeOf(files), '1.3.0', 'package.json'), undefined)
  })

  it('sets aside what the lock file is not for', async () => {
    const files = {
      'package.json': { workspaces: ['packages/*'], dependencies: { pad: '1.0.0' } },
      'packages/a/package.json': { name: 'a', dependencies: { pad: '1.0.0' } },
      'pnpm-lock.yaml': pnpmLock('1.0.0'),
    }
    const tree = treeOf(files)
    const places = await resolved(tree, await known(tree), 'pad')
    assert.deepEqual(
      places.map(({ manifest, version, aside }) => [manifest, version, aside]),
      [
        ['package.json', '1.0.0', undefined],
        ['packages/a/package.json', undefined, 'pnpm-lock.yaml is not for this manifest'],
      ],
    )
  })

  it('never takes back what is ahead of a wish that names no version', async () => {
    const files = {
      'package.json': { workspaces: ['packages/*'], dependencies: { pad: '2.0.0' } },
      'packages/a/package.json': { name: 'a', dependencies: { pad: '1.0.0' } },
      'package-lock.json': npmLock('2.0.0', { 'packages/a/node_modules/pad': { version: '1.0.0' } }),
    }
    const found = await plan(treeOf(files), '^1.0.0')
    assert.deepEqual([...(found?.files.keys() ?? [])], ['packages/a/package.json'])
    assert.deepEqual([...(found?.left ?? [])], ['package.json'])
  })

  it('leaves another package under the same name alone', async () => {
    const files = {
      'package.json': { workspaces: ['packages/*'], dependencies: { pad: '1.0.0' } },
      'packages/a/package.json': { name: 'a', dependencies: { pad: 'npm:other@5.0.0' } },
    }
    assert.deepEqual([...((await plan(treeOf(files)))?.files.keys() ?? [])], ['package.json'])
  })

  it('refuses a catalog that has no such entry, which once meant every version', async () => {
    const files = {
      'package.json': yarnRoot({}, 'catalog:'),
      '.yarnrc.yml': 'catalog:\n  other: 5.0.0\n',
      'yarn.lock': berryLock('^5.0.0', '5.0.0').replaceAll('pad', 'other'),
    }
    await assert.rejects(plan(treeOf(files)), /update-failed: pad is declared as catalog:/)
  })

  it('lists what a catalog has too old, for the manifest that declares it', async () => {
    const tree = treeOf({
      'package.json': yarnRoot({}, 'catalog:'),
      '.yarnrc.yml': 'catalog:\n  pad: ^1.0.0\n',
      'yarn.lock': berryLock('^1.0.0', '1.0.0'),
    })
    const rows = await outdated(tree, await known(tree), client)
    assert.deepEqual(
      rows.map(({ name, manifest, range, current, latest }) => [name, manifest, range, current, latest]),
      [['pad', 'package.json', '^1.0.0', '1.0.0', '2.0.0']],
    )
    assert.equal((await plan(tree, '1.3.0', 'package.json'))?.to, '1.3.0')
  })

  it('takes a yarn that knows catalogs where there are any', async () => {
    const lock = berryLock('^1.0.0', '1.0.0')
    const plain = treeOf({ 'package.json': yarnRoot({}), 'yarn.lock': lock })
    assert.equal((await known(plain)).packageManager, 'yarn@4.9')
    const catalogs = treeOf({
      'package.json': yarnRoot({}),
      'yarn.lock': lock,
      '.yarnrc.yml': 'catalogs:\n  a:\n    pad: 1.0.0\n',
    })
    assert.equal((await known(catalogs)).packageManager, 'yarn@4.13')
  })

  it('calls no drift what a catalog explains', async () => {
    const at = (version: string) =>
      treeOf({
        'package.json': yarnRoot({}, 'catalog:'),
        '.yarnrc.yml': `catalog:\n  pad: ^${version}\n`,
        'yarn.lock': berryLock(`^${version}`, version),
      })
    const file = { path: 'yarn.lock', status: 'modified', binary: false, role: 'lockfile' } as const
    const files = [{ ...file, additions: 1, deletions: 1 }]
    const patch = { baseCommit: 'a'.repeat(40), digest: 'a'.repeat(64), text: '', files }
    assert.deepEqual(await explainLock(at('1.0.0'), at('1.3.0'), patch), [])
    const still = treeOf({
      'package.json': yarnRoot({}, 'catalog:'),
      '.yarnrc.yml': 'catalog:\n  pad: ^1.0.0\n',
      'yarn.lock': berryLock('^1.0.0', '1.3.0'),
    })
    assert.deepEqual(
      (await explainLock(at('1.0.0'), still, patch)).map(({ code }) => code),
      ['lock-drift:pad'],
    )
  })
})
