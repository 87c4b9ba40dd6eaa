import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { locked, ownScripts } from '../../../../../src/runner/ecosystems/npm/moved.ts'
import { createRegistry } from '../../../../../src/runner/registries/npm/registry.ts'
import { testRegistry } from '../../../../support/registry.ts'
import { tarball } from '../../../../support/tarball.ts'

const scripts = (all: Readonly<Record<string, string>>) => ({
  'package.json': JSON.stringify({ scripts: all }),
})

describe('what a lock file names', () => {
  it('is every package from elsewhere, with what its format tells of install scripts', async () => {
    const lock = {
      lockfileVersion: 3,
      packages: {
        '': { name: 'shop' },
        'packages/a': { name: 'a', version: '1.0.0' },
        'node_modules/a': { resolved: 'packages/a', link: true },
        'node_modules/left-pad': { version: '1.3.0' },
        'node_modules/x/node_modules/left-pad': { version: '1.1.0', hasInstallScript: true },
      },
    }
    const tree = { paths: ['package-lock.json'], read: async () => Buffer.from(JSON.stringify(lock)) }
    assert.deepEqual(await locked(tree, { locks: [{ path: 'package-lock.json', writer: 'npm@11' }] }), [
      { name: 'left-pad', version: '1.3.0', installScript: false },
      { name: 'left-pad', version: '1.1.0', installScript: true },
    ])
  })
})

describe('what installing a published package runs', () => {
  for (const [what, files, expected] of [
    [
      'its scripts in their order',
      scripts({ postinstall: 'b', test: 'c', preinstall: 'a' }),
      ['preinstall a', 'postinstall b'],
    ],
    [
      'a build of what it has a recipe for',
      { ...scripts({}), 'binding.gyp': '{}' },
      ['install node-gyp rebuild'],
    ],
    ['its own build instead', { ...scripts({ install: 'x' }), 'binding.gyp': '{}' }, ['install x']],
    ['nothing where its manifest cannot be read', { 'package.json': '{' }, []],
  ] as const) {
    it(`is ${what}`, async () => {
      const found = await ownScripts(await tarball(files))
      assert.deepEqual(
        found.map(({ name, command }) => `${name} ${command}`),
        expected,
      )
    })
  }
})

describe('when versions were published', () => {
  it('is read from the whole document, and empty where the registry does not say', async () => {
    await using registry = await testRegistry({ ms: { '1.0.0': {} }, quiet: { '1.0.0': {} } })
    const accepted: (string | undefined)[] = []
    registry.intercept = (request, response) => {
      accepted.push(request.headers.accept)
      if (request.url !== '/ms') return false
      const time = { created: '2020-01-01T00:00:00Z', '1.0.0': '2021-02-03T04:05:06+00:00', '1.0.1': 'soon' }
      response.end(JSON.stringify({ time, versions: {} }))
      return true
    }
    const cache = await mkdtemp(join(tmpdir(), 'drydock-times-'))
    try {
      const { published } = createRegistry(registry.host, cache)
      assert.deepEqual([...(await published('ms'))], [['1.0.0', '2021-02-03T04:05:06.000Z']])
      assert.deepEqual([...(await published('quiet'))], [])
      assert.deepEqual(accepted, ['application/json', 'application/json'])
    } finally {
      await rm(cache, { recursive: true })
    }
  })
})
