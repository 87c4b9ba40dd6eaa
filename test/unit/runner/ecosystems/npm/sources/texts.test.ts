import assert from 'node:assert/strict'
import { originOf } from '../../../../../../src/runner/ecosystems/npm/sources/origin.ts'
import { sourceText } from '../../../../../../src/runner/ecosystems/npm/sources/settle.ts'
import { indexOf, type Source } from '../../../../../../src/runner/ecosystems/npm/sources/source.ts'

const commit = 'bbe66450f777129e3f9320d4775645b745b295da'
const sha1 = 'ed1492913afd54e64602d8ae793289bd72deeab4'
const relay = 'http://127.0.0.1:4873/source/0123456789abcdef/package.tgz'
const ms = 'sha512-sGkPx+VjMtmA6MX27oA4FBFELFCZZ4S4XqeGOXCv68tT+jb3vk/RyaKWP0PTKyWtmLSM0b+adUTEvbs1PEaH2w=='
const packed = { integrity: 'sha512-AAAA', sha1, manifest: '{}', leftOut: [] }

function indexFor(text: string) {
  const origin = originOf('widget', text)
  assert.ok(origin)
  const source: Source = { name: 'widget', origin, commit, packed, relay }
  return indexOf([source], new Map([[text, source]]), [{ folder: '', name: 'widget', text }])
}

const onHost = 'git+https://git.example.com/acme/widget.git#v1.2.0'
const onForge = 'github:acme/widget#v1.2.0'
const locked = `git+https://git.example.com/acme/widget.git#${commit}`
const archive = `https://codeload.github.com/acme/widget/tar.gz/${commit}`

const json = (text: string, resolved: string, more: object = {}, version = 3) => {
  const npm6 = {
    widget: { version: resolved, from: `widget@${text}`, requires: { ms: '2.1.2' } },
  }
  return `${JSON.stringify(
    {
      name: 'fx',
      lockfileVersion: version,
      packages: {
        '': { name: 'fx', dependencies: { widget: text } },
        'node_modules/ms': { version: '2.1.2', integrity: ms },
        'node_modules/widget': { version: '1.2.0', resolved, ...more, dependencies: { ms: '2.1.2' } },
      },
      ...(version === 2 ? { dependencies: npm6 } : {}),
    },
    undefined,
    2,
  )}\n`
}
const pnpm9 = (text: string, id: string, resolution: string) => `lockfileVersion: '9.0'

importers:

  .:
    dependencies:
      widget:
        specifier: ${text}
        version: ${id}

packages:

  ms@2.1.2:
    resolution: {integrity: ${ms}}

  widget@${id}:
    resolution: {${resolution}}
    version: 1.2.0

snapshots:

  ms@2.1.2: {}

  widget@${id}:
    dependencies:
      ms: 2.1.2
`
const pnpm6 = (text: string, id: string, resolution: string) => `lockfileVersion: '6.0'

dependencies:
  widget:
    specifier: ${text}
    version: ${id}

packages:

  /ms@2.1.2:
    resolution: {integrity: ${ms}}
    dev: false

  ${id}:
    resolution: {${resolution}}
    name: widget
    version: 1.2.0
    dependencies:
      ms: 2.1.2
    dev: false
`
const classic = (text: string, resolved: string) => `# yarn lockfile v1


ms@2.1.2:
  version "2.1.2"
  resolved "https://registry.example.com/ms/-/ms-2.1.2.tgz#d09d1f357b443f493382a8eb3ccd183872ae6009"
  integrity ${ms}

"widget@${text}":
  version "1.2.0"
  resolved "${resolved}"
  dependencies:
    ms "2.1.2"
`
const berry = (text: string, resolution: string, checksum: string) => `__metadata:
  version: 8
  cacheKey: 10c0

"fx@workspace:.":
  version: 0.0.0-use.local
  resolution: "fx@workspace:."
  dependencies:
    widget: "${text}"
  languageName: unknown
  linkType: soft

"widget@${text}":
  version: 1.2.0
  resolution: "widget@${resolution}"
  dependencies:
    ms: "npm:2.1.2"
${checksum}  languageName: node
  linkType: hard
`

const inPnpm6 = "'@127.0.0.1+4873/source/0123456789abcdef/package.tgz'"
const fromRelay = `integrity: ${packed.integrity}, tarball: ${relay}`
const repo = `commit: ${commit}, repo: https://git.example.com/acme/widget.git, type: git`
const checksum = '  checksum: 10c0/3bb139db\n'

/** A lock file, the specifier that it was made with, and the same with the source at the relay. */
const forms: readonly (readonly [
  name: string,
  path: string,
  specifier: string,
  own: string,
  atRelay: string,
])[] = [
  [
    'npm, another host',
    'package-lock.json',
    onHost,
    json(onHost, locked),
    json(relay, relay, { integrity: packed.integrity }),
  ],
  [
    'npm, a forge, with an integrity',
    'package-lock.json',
    onForge,
    json(onForge, `git+ssh://git@github.com/acme/widget.git#${commit}`, { integrity: 'sha512-own' }),
    json(relay, relay, { integrity: packed.integrity }),
  ],
  [
    'pnpm 9, another host',
    'pnpm-lock.yaml',
    onHost,
    pnpm9(onHost, locked, repo),
    pnpm9(relay, relay, fromRelay),
  ],
  [
    'pnpm 9, a forge',
    'pnpm-lock.yaml',
    onForge,
    pnpm9(onForge, archive, `tarball: ${archive}`),
    pnpm9(relay, relay, fromRelay),
  ],
  [
    'pnpm 8, a forge',
    'pnpm-lock.yaml',
    onForge,
    pnpm6(onForge, `github.com/acme/widget/${commit}`, `tarball: ${archive}`),
    pnpm6(relay, inPnpm6, fromRelay),
  ],
  [
    'yarn classic, another host',
    'yarn.lock',
    onHost,
    classic(onHost, locked),
    classic(relay, `${relay}#${sha1}`),
  ],
  [
    'yarn classic, a forge',
    'yarn.lock',
    onForge,
    classic(onForge, archive),
    classic(relay, `${relay}#${sha1}`),
  ],
  [
    'yarn berry',
    'yarn.lock',
    onForge,
    berry(onForge, `https://github.com/acme/widget.git#commit=${commit}`, checksum),
    berry(relay, relay, ''),
  ],
]

describe('sources in lock files', () => {
  for (const [name, path, specifier, own, atRelay] of forms)
    it(`${name}: to the relay, and back to the byte`, () => {
      const text = sourceText(path)
      const index = indexFor(specifier)
      const [pinned] = text.pinned(own).filter(({ origin }) => origin.kind === 'git')
      assert.deepEqual(pinned?.origin.kind === 'git' && pinned.origin.wish, { commit })
      // The order of keys is npm's business.
      const read = (from: string): unknown => (path.endsWith('.json') ? JSON.parse(from) : from)
      assert.deepEqual(read(text.to(own, index)), read(atRelay))
      assert.equal(text.from(own, atRelay, index), own)
    })

  it('npm 6’s half of a lock file comes back as well', () => {
    const own = json(onHost, locked, {}, 2)
    const legacy = { widget: { version: relay, integrity: packed.integrity, requires: { ms: '2.1.2' } } }
    const after = JSON.parse(json(relay, relay, { integrity: packed.integrity }))
    const written = JSON.stringify({ ...after, lockfileVersion: 2, dependencies: legacy }, undefined, 2)
    assert.equal(`${sourceText('package-lock.json').from(own, `${written}\n`, indexFor(onHost))}`, own)
  })

  it('a lock file of npm 6 alone, and line ends of Windows', () => {
    const requires = { ms: '2.1.2' }
    const lock = (widget: object) =>
      `${JSON.stringify({ name: 'fx', lockfileVersion: 1, dependencies: { widget } }, undefined, 2)}\n`
    const own = lock({ version: locked, from: `widget@${onHost}`, requires })
    const text = sourceText('package-lock.json')
    const there = text.to(own, indexFor(onHost))
    assert.deepEqual(JSON.parse(there).dependencies.widget, {
      version: relay,
      requires,
      integrity: packed.integrity,
    })
    assert.equal(text.from(own, there, indexFor(onHost)), own)
    for (const [name, path, specifier, unix] of forms) {
      const windows = unix.replaceAll('\n', '\r\n')
      const index = indexFor(specifier)
      const format = sourceText(path)
      assert.equal(format.from(windows, format.to(windows, index), index).length, windows.length, name)
    }
  })

  it('one that is met for the first time is written as the package manager would', () => {
    for (const [name, path, specifier, own, atRelay] of forms) {
      const written = sourceText(path).from(undefined, atRelay, indexFor(specifier))
      // Nobody but the user's own package manager can make these.
      const expected = own.replace(checksum, '').replace('      "integrity": "sha512-own",\n', '')
      assert.equal(written, expected, name)
    }
  })

  it('reads the usual ways to write a place, and nothing else', () => {
    const place = (text: string) => {
      const origin = originOf('widget', text)
      return origin?.kind === 'git'
        ? `${origin.url} ${JSON.stringify(origin.wish)}${origin.folder}`
        : origin?.url
    }
    const forge = 'https://github.com/acme/widget.git'
    const known: Readonly<Record<string, string | undefined>> = {
      'acme/widget': `${forge} {}`,
      'github:acme/widget#semver:^1.0.0': `${forge} {"range":"^1.0.0"}`,
      'git@github.com:acme/widget.git#main': `${forge} {"ref":"main"}`,
      'git://github.com/acme/widget#abc1234': `${forge} {"commit":"abc1234"}`,
      'github:acme/widget#main&path:/packages/a': `${forge} {"ref":"main"}packages/a`,
      [`git+ssh://git@github.com/acme/widget.git#${commit}`]: `${forge} {"commit":"${commit}"}`,
      [`https://github.com/acme/widget.git#commit=${commit}`]: `${forge} {"commit":"${commit}"}`,
      [archive]: `${forge} {"commit":"${commit}"}`,
      'gitlab:group/sub/widget': 'https://gitlab.com/group/sub/widget.git {}',
      'bitbucket:acme/widget': 'https://bitbucket.org/acme/widget.git {}',
      'gist:11081aaa281': 'https://gist.github.com/11081aaa281.git {}',
      'git@git.example.com:acme/widget.git': 'ssh://git@git.example.com/acme/widget.git {}',
      'git+ssh://git@git.example.com:2222/a/b.git': 'ssh://git@git.example.com:2222/a/b.git {}',
      'https://files.example.com/widget.tgz': 'https://files.example.com/widget.tgz',
      'npm:widget@1': undefined,
      'workspace:*': undefined,
      'file:../widget': undefined,
      'link:./widget': undefined,
      'catalog:': undefined,
      '^1.0.0': undefined,
      latest: undefined,
    }
    assert.deepEqual(Object.fromEntries(Object.keys(known).map((text) => [text, place(text)])), known)
  })
})
