import assert from 'node:assert/strict'
import type { Registries } from '../../../../../src/runner/ecosystems/npm/locks/addresses.ts'
import { readLock } from '../../../../../src/runner/ecosystems/npm/locks/index.ts'
import { fromRelay, toRelay } from '../../../../../src/runner/ecosystems/npm/locks/relayLock.ts'
import { readManifests } from '../../../../../src/runner/ecosystems/npm/manifest.ts'
import { neededBy } from '../../../../../src/runner/ecosystems/npm/neededBy.ts'
import { treeOf } from '../../../../support/tree.ts'

const registries: Registries = {
  builtinRegistry: 'https://builtin.example.com/',
  upstreams: [{ name: 'npm', url: 'https://registry.example.com/', headers: {} }],
}
const integrity =
  'sha512-XI5MPzVNApjAyhQzphX8BkmKsKUxD4LdyK24iZeQGinBN9yTQT3bFlCBy/aVx2HrNcqQGsdot8ghrjyrvMCoEA=='
const entry = (name: string, version: string, more: object = {}) => ({
  version,
  resolved: `https://registry.example.com/${name}/-/${name}-${version}.tgz`,
  integrity,
  ...more,
})
const lockOf = (dependencies: object, indent: string | number = 2) =>
  `${JSON.stringify({ name: 'fx', lockfileVersion: 1, requires: true, dependencies }, undefined, indent)}\n`

describe('lock files of npm 6', () => {
  const text = lockOf(
    {
      debug: entry('debug', '2.0.0', {
        requires: { ms: '0.7.0' },
        dependencies: { ms: entry('ms', '0.7.0') },
      }),
      ms: entry('ms', '2.0.0'),
      'string-width': entry('string-width', '1.0.0'),
      string_decoder: entry('string_decoder', '1.0.0'),
      way: {
        version: 'npm:left-pad@1.3.0',
        resolved: 'https://registry.example.com/left-pad/-/left-pad-1.3.0.tgz',
        integrity,
      },
      inner: { version: '1.0.0', bundled: true },
      own: { version: 'file:own' },
    },
    '\t',
  )

  it('are read at any depth, and go to the relay and back to the byte', () => {
    const lock = readLock('package-lock.json', text)
    assert.equal(lock.find('', 'ms', '^2.0.0')?.version, '2.0.0')
    assert.deepEqual(
      lock.packages.filter(({ local }) => !local).map(({ name, version }) => `${name}@${version}`),
      ['debug@2.0.0', 'ms@0.7.0', 'ms@2.0.0', 'string-width@1.0.0', 'string_decoder@1.0.0', 'left-pad@1.3.0'],
    )
    const relay = toRelay('package-lock.json', text, registries)
    assert.equal(relay.pins.get('/npm/ms/-/ms-0.7.0.tgz'), integrity)
    assert.match(relay.text, /127\.0\.0\.1:4873\/npm\/left-pad\/-\/left-pad-1\.3\.0\.tgz/)
    assert.doesNotMatch(relay.text, /registry\.example\.com/)
    assert.equal(fromRelay('package-lock.json', text, relay.text, registries, false), text)
  })

  it('keep the order that their keys had, whatever wrote them last', () => {
    const names = (written: string) => Object.keys(JSON.parse(written).dependencies)
    const units = lockOf({
      'string-width': entry('string-width', '1.0.0'),
      string_decoder: entry('string_decoder', '1.0.0'),
    })
    const language = lockOf({
      string_decoder: entry('string_decoder', '1.0.0'),
      'string-width': entry('string-width', '1.0.0'),
    })
    assert.deepEqual(names(fromRelay('package-lock.json', units, language, registries, false)), names(units))
    assert.deepEqual(
      names(fromRelay('package-lock.json', language, units, registries, false)),
      names(language),
    )
  })

  it('that lead to git or out of the repository are refused', () => {
    for (const version of [
      'git+ssh://git@git.example.com/a/b.git#0123456',
      'file:../other',
      'github:a/b#012',
    ])
      assert.throws(
        () => toRelay('package-lock.json', lockOf({ b: { version } }), registries),
        /not a registry/,
        version,
      )
  })

  it('tell who needs a package', async () => {
    const manifests = await readManifests(treeOf({ 'package.json': { devDependencies: { debug: '2.0.0' } } }))
    const lock = readLock('package-lock.json', text)
    assert.deepEqual(neededBy(manifests, lock, 'ms'), ['package.json', 'debug@2.0.0'])
    assert.deepEqual(neededBy(manifests, lock, 'debug'), ['package.json'])
    assert.deepEqual(neededBy(manifests, lock, 'nobody'), [])
  })
})

describe('layout of lock files', () => {
  it('is the one that was there: indentation, line ends, end of file', () => {
    const old = lockOf({ ms: entry('ms', '2.0.0') }, 4)
    const windows = old.replaceAll('\n', '\r\n').trimEnd()
    const written = lockOf({ ms: entry('ms', '2.0.0') }, 2)
    assert.equal(fromRelay('package-lock.json', old, written, registries, false), old)
    assert.equal(fromRelay('package-lock.json', windows, written, registries, false), windows)
    const yarn = `# yarn lockfile v1\r\n\r\n\r\nms@^2.0.0:\r\n  version "2.0.0"\r\n  resolved "https://registry.example.com/ms/-/ms-2.0.0.tgz#${'0'.repeat(40)}"\r\n  integrity ${integrity}\r\n`
    const relay = toRelay('yarn.lock', yarn, registries)
    assert.match(relay.text, /127\.0\.0\.1/)
    assert.equal(fromRelay('yarn.lock', yarn, relay.text, registries, false), yarn)
  })
})
