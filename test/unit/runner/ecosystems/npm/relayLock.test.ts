import assert from 'node:assert/strict'
import { DrydockError } from '../../../../../src/contract/failure.ts'
import type { Registries } from '../../../../../src/runner/ecosystems/npm/locks/addresses.ts'
import { fromRelay, toRelay } from '../../../../../src/runner/ecosystems/npm/locks/relayLock.ts'

const registries: Registries = {
  builtinRegistry: 'https://builtin.example.com/',
  upstreams: [
    { name: 'npm', url: 'https://registry.example.com/npm/', headers: {} },
    { name: 'npm-corp', url: 'https://corp.example.com/', headers: {}, scope: '@corp' },
  ],
}
const integrity =
  'sha512-XI5MPzVNApjAyhQzphX8BkmKsKUxD4LdyK24iZeQGinBN9yTQT3bFlCBy/aVx2HrNcqQGsdot8ghrjyrvMCoEA=='
const relay = 'http://127.0.0.1:4873/npm'

const npmLock = (entries: object, version = 3, more: object = {}) =>
  `${JSON.stringify({ name: 'fx', lockfileVersion: version, requires: true, packages: { '': { name: 'fx' }, ...entries }, ...more }, undefined, '\t')}\n`
const pad = (more: object = {}) => ({
  version: '1.3.0',
  resolved: `${registries.builtinRegistry}left-pad/-/left-pad-1.3.0.tgz`,
  integrity,
  ...more,
})
const refused = (error: unknown) =>
  error instanceof DrydockError && error.failure.code === 'registry-not-allowed'

describe('lock files at the relay', () => {
  it('npm: addresses, pins, aliases, scopes; and back to the byte', () => {
    const text = npmLock({
      'node_modules/left-pad': pad(),
      'node_modules/pad': pad({ name: 'left-pad' }),
      'node_modules/@corp/tool': {
        version: '2.0.0',
        resolved: 'https://corp.example.com/x/y.tgz',
        integrity,
      },
      'node_modules/bundled': { version: '1.0.0', inBundle: true },
      'node_modules/own': { resolved: 'packages/own', link: true },
      'packages/own': { name: 'own', version: '1.0.0' },
    })
    const lock = toRelay('package-lock.json', text, registries)
    const { packages } = JSON.parse(lock.text)
    assert.equal(packages['node_modules/left-pad'].resolved, `${relay}/left-pad/-/left-pad-1.3.0.tgz`)
    assert.equal(packages['node_modules/pad'].resolved, `${relay}/left-pad/-/left-pad-1.3.0.tgz`)
    assert.equal(
      packages['node_modules/@corp/tool'].resolved,
      'http://127.0.0.1:4873/npm-corp/@corp/tool/-/tool-2.0.0.tgz',
    )
    assert.equal(packages['node_modules/own'].resolved, 'packages/own')
    assert.equal(lock.pins.get('/npm/left-pad/-/left-pad-1.3.0.tgz'), integrity)
    assert.equal(lock.foreignHosts.size, 0)
    assert.equal(fromRelay('package-lock.json', text, lock.text, registries, false), text)
  })

  it('npm: a lock file without addresses stays without, new packages included', () => {
    const text = npmLock({ 'node_modules/left-pad': pad({ resolved: undefined }) })
    const lock = toRelay('package-lock.json', text, registries)
    assert.match(lock.text, /127\.0\.0\.1:4873\/npm\/left-pad/)
    const after = lock.text.replace(
      '"packages": {',
      `"packages": {"node_modules/new": {"version": "1.0.0", "resolved": "${relay}/new/-/new-1.0.0.tgz"},`,
    )
    const back = fromRelay('package-lock.json', text, after, registries, false)
    assert.doesNotMatch(back, /127\.0\.0\.1|resolved/)
    assert.match(back, /node_modules\/new/)
  })

  it('npm: one from git, which has an address in any case, gives the others none', () => {
    const address = 'git+ssh://git@github.com/acme/widget.git#bbe66450f777129e3f9320d4775645b745b295da'
    const widget = { version: '1.0.0', resolved: address }
    const before = npmLock({
      'node_modules/left-pad': pad({ resolved: undefined }),
      'node_modules/widget': widget,
    })
    const fresh = { version: '2.0.0', resolved: `${relay}/new/-/new-2.0.0.tgz`, integrity }
    const after = npmLock({ 'node_modules/new': fresh, 'node_modules/widget': widget })
    const written = fromRelay('package-lock.json', before, after, registries, false)
    const { packages } = JSON.parse(written)
    assert.equal(packages['node_modules/new'].resolved, undefined)
    assert.equal(packages['node_modules/widget'].resolved, address)
  })

  it('npm: a new package gets the prefix that the others have', () => {
    const text = npmLock({ 'node_modules/left-pad': pad() }, 2, {
      dependencies: { 'left-pad': { version: '1.3.0', resolved: pad().resolved, integrity } },
    })
    const after = toRelay('package-lock.json', text, registries)
      .text.replaceAll('left-pad-1.3.0', 'left-pad-2.0.0')
      .replaceAll('"1.3.0"', '"2.0.0"')
    const back = JSON.parse(fromRelay('package-lock.json', text, after, registries, false))
    const expected = `${registries.builtinRegistry}left-pad/-/left-pad-2.0.0.tgz`
    assert.equal(back.packages['node_modules/left-pad'].resolved, expected)
    const fresh = JSON.parse(fromRelay('package-lock.json', undefined, after, registries, false))
    assert.equal(
      fresh.packages['node_modules/left-pad'].resolved,
      'https://registry.example.com/npm/left-pad/-/left-pad-2.0.0.tgz',
    )
  })

  it('package-004: a foreign host is named and never contacted; without an integrity it is refused', () => {
    const foreign = 'https://registry.attacker.example/left-pad-1.3.0.tgz'
    const lock = toRelay(
      'package-lock.json',
      npmLock({ 'node_modules/left-pad': pad({ resolved: foreign }) }),
      registries,
    )
    assert.deepEqual([...lock.foreignHosts.keys()], ['registry.attacker.example'])
    assert.doesNotMatch(lock.text, /attacker/)
    const unchecked = npmLock({ 'node_modules/left-pad': pad({ resolved: foreign, integrity: undefined }) })
    assert.throws(() => toRelay('package-lock.json', unchecked, registries), refused)
  })

  it('package-005: a missing integrity is named', () => {
    const text = npmLock({ 'node_modules/left-pad': pad({ integrity: undefined }) })
    assert.deepEqual(toRelay('package-lock.json', text, registries).unpinned, ['left-pad@1.3.0'])
  })

  it('refuses git and what leads out of the repository', () => {
    for (const entry of [
      { 'node_modules/x': { version: '1.0.0', resolved: 'git+ssh://git@attacker.example/x.git#abc' } },
      { 'node_modules/x': { resolved: '../../usr/bin', link: true } },
      { '../x': { version: '1.0.0' } },
    ])
      assert.throws(
        () => toRelay('package-lock.json', npmLock(entry), registries),
        refused,
        JSON.stringify(entry),
      )
  })

  it('yarn classic: addresses there and back', () => {
    const text = [
      '# yarn lockfile v1',
      '',
      '',
      'left-pad@^1.0.0, left-pad@1.x:',
      '  version "1.3.0"',
      '  resolved "https://yarn.example.com/left-pad/-/left-pad-1.3.0.tgz#5b8a3a7765dfe001261dde915589e782f8c94d1e"',
      `  integrity ${integrity}`,
      '',
    ].join('\n')
    const lock = toRelay('yarn.lock', text, registries)
    assert.match(
      lock.text,
      /resolved "http:\/\/127\.0\.0\.1:4873\/npm\/left-pad\/-\/left-pad-1\.3\.0\.tgz#5b8a/,
    )
    assert.deepEqual([...lock.foreignHosts.keys()], ['yarn.example.com'])
    assert.equal(lock.pins.get('/npm/left-pad/-/left-pad-1.3.0.tgz'), integrity)
    assert.equal(fromRelay('yarn.lock', text, lock.text, registries, false), text)
    const added = lock.text.replaceAll('1.3.0', '1.4.0')
    assert.match(
      fromRelay('yarn.lock', text, added, registries, false),
      /"https:\/\/yarn\.example\.com\/left-pad\/-\/left-pad-1\.4\.0\.tgz#/,
    )
    // What yarn writes of a registry that names no sha1.
    const unnamed = text.replace(/#[0-9a-f]+"/, '#undefined"')
    const there = toRelay('yarn.lock', unnamed, registries).text
    assert.match(
      there,
      /resolved "http:\/\/127\.0\.0\.1:4873\/npm\/left-pad\/-\/left-pad-1\.3\.0\.tgz#undefined"/,
    )
    assert.equal(fromRelay('yarn.lock', unnamed, there, registries, false), unnamed)
  })

  it('yarn berry: git is refused, checksums are its own', () => {
    const berry = (resolution: string) =>
      `__metadata:\n  version: 8\n\n"x@npm:^1.0.0":\n  version: 1.0.0\n  resolution: "${resolution}"\n  checksum: 10c0/abc\n`
    assert.deepEqual(toRelay('yarn.lock', berry('x@npm:1.0.0'), registries).unpinned, [])
    assert.throws(
      () => toRelay('yarn.lock', berry('x@git@example.com:a/b.git#commit=abc'), registries),
      refused,
    )
  })

  it('pnpm: the checksum of a withheld pnpmfile goes and comes back', () => {
    const text = [
      "lockfileVersion: '9.0'",
      '',
      'pnpmfileChecksum: sha256-abc=',
      '',
      'importers:',
      '',
      '  .:',
      '    dependencies:',
      '      left-pad:',
      '        specifier: ^1.0.0',
      '        version: 1.3.0',
      '',
      'packages:',
      '',
      '  left-pad@1.3.0:',
      `    resolution: {integrity: ${integrity}, tarball: https://registry.example.com/npm/left-pad/-/left-pad-1.3.0.tgz}`,
      '',
    ].join('\n')
    const lock = toRelay('pnpm-lock.yaml', text, registries)
    assert.doesNotMatch(lock.text, /pnpmfileChecksum/)
    assert.match(lock.text, /tarball: http:\/\/127\.0\.0\.1:4873\/npm\/left-pad/)
    assert.equal(fromRelay('pnpm-lock.yaml', text, lock.text, registries, false), text)
  })
})
