import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { type Zippable, zipSync } from 'fflate'
import { mavenArchives } from '../../../../../src/runner/ecosystems/maven/jars/index.ts'
import { mavenNamespaces } from '../../../../../src/runner/ecosystems/maven/jars/namespaces.ts'
import { createRepository } from '../../../../../src/runner/ecosystems/maven/repository.ts'
import { type TestMavenRepository, testMavenRepository } from '../../../../support/mavenRepository.ts'

const reader = resolve(import.meta.dirname, '../../../../../src/runner/ecosystems/release/worker.ts')
const folder = 'org/example/library/2.0'
const source = 'package org.example;\npublic class Type {\n  static class Inner {}\n}\n'
const listing = [
  `${folder}/library-2.0.jar`,
  `${folder}/library-2.0-tests.jar`,
  'org/example/library/1.0/library-1.0.jar',
  'org/example/other/3/other-3.jar',
  'not-laid-out.jar',
].join('\n')

function jar(files: Readonly<Record<string, string>>, options: Zippable = {}): Buffer {
  const entries = Object.entries(files).map(([name, text]) => [name, Buffer.from(text)] as const)
  return Buffer.from(zipSync({ ...Object.fromEntries(entries), ...options }))
}

/** Writes a number into every header of a jar's central directory, at an offset (APPNOTE 4.3.12). */
function patched(bytes: Buffer, offset: number, value: number): Buffer {
  for (let at = bytes.indexOf('PK\x01\x02'); at >= 0; at = bytes.indexOf('PK\x01\x02', at + 4)) {
    bytes.writeUInt32LE(value, at + offset)
  }
  return bytes
}

describe('entries of jars', function () {
  this.timeout(60_000)
  let repository: TestMavenRepository
  let cacheDir: string
  before(async () => {
    repository = await testMavenRepository({})
    cacheDir = await mkdtemp(join(tmpdir(), 'drydock-jars-'))
  })
  after(async () => {
    await repository[Symbol.asyncDispose]()
    await rm(cacheDir, { recursive: true, force: true })
  })

  async function read(address: string, files: Readonly<Record<string, Buffer>> = {}): Promise<string> {
    const archives = mavenArchives({ repository: createRepository(repository.host, cacheDir), reader })
    const tree = { paths: Object.keys(files), read: async (path: string) => files[path] }
    const found = await archives.read(
      { address, listing: async () => listing, tree },
      AbortSignal.timeout(40_000),
    )
    return 'text' in found ? found.text : `refused: ${found.refused}`
  }

  it('are told from the sources where the repository has them, by every name of a jar and a type', async () => {
    repository.files.set(`${folder}/library-2.0.jar`, jar({ 'org/example/Type.class': '', 'a.txt': 'Text.' }))
    repository.files.set(`${folder}/library-2.0-sources.jar`, jar({ 'org/example/Type.java': source }))
    const told = `// org/example/Type.java of library-2.0-sources.jar\n${source}`
    for (const address of [
      'library-2.0.jar!/org/example/Type',
      `/drydock-store/m2/repository/${folder}/library-2.0.jar!/org/example/Type.java`,
      'org.example:library:2.0.jar!/org.example.Type.Inner',
      'library-2.0.jar!/org/example/Type$Inner',
    ])
      assert.equal(await read(address), told, address)
    assert.equal(await read('library-2.0.jar!/a.txt'), 'Text.')
    assert.equal(await read('library-2.0.jar!/'), '// in library-2.0.jar\na.txt\norg/example/ (1)')
    assert.equal(
      await read('library-2.0.jar!/org.other.Type'),
      'refused: library-2.0.jar has no org.other.Type; it has org/example/Type',
    )
  })

  it('are refused in words where no jar, or more than one, is meant', async () => {
    const several = 'refused: library.jar may be library-1.0.jar, library-2.0.jar: name one of them'
    assert.equal(await read('library.jar!/x'), several)
    assert.equal(
      await read('library-9.jar!/x'),
      'refused: no jar library-9.jar is installed; there are library-1.0.jar, library-2.0-tests.jar, library-2.0.jar',
    )
    assert.equal(await read('other.jar!/x'), 'refused: other-3.jar cannot be had at the moment')
  })

  it('are asked for at the repositories only where the jar is installed', async () => {
    const before = repository.requests.length
    for (const address of [
      'org/example/secret/1/secret-1.jar!/x',
      '../../etc/secret-1.jar!/x',
      'org.example:secret:1.jar!/x',
      `${folder}/../../../secret/1/secret-1.jar!/x`,
      'library-2.0.jar/../library-3.jar!/x',
    ])
      assert.match(await read(address), /^refused: no jar /, address)
    assert.equal(repository.requests.length, before)
  })

  it('of jars among the files of the repository can be read as well, and nothing outside', async () => {
    const own = { 'lib/own.jar': jar({ 'a/../../../etc/passwd': 'harmless', '/b': 'b' }), 'no.jar': source }
    const files = { ...own, 'no.jar': Buffer.from(source) }
    assert.equal(await read('lib/own.jar!/a/../../../etc/passwd', files), 'harmless')
    assert.equal(
      await read('/workspace/lib/../lib/own.jar!/', files),
      '// in lib/own.jar\n/ (1)\na/../../../etc/ (1)',
    )
    assert.equal(await read('no.jar!/x', files), 'refused: no.jar cannot be read: it is no jar')
  })

  it('that are links are shown as the text they hold', async () => {
    const link = { 'link.txt': [Buffer.from('/etc/passwd'), { os: 3, attrs: 0o120777 << 16 }] } as Zippable
    assert.equal(await read('l.jar!/link.txt', { 'l.jar': jar({}, link) }), '/etc/passwd')
  })

  it('of hostile jars stay within bounds', async () => {
    const bomb = jar({ 'bomb.txt': 'x'.repeat(50_000_000) })
    assert.equal(
      await read('b.jar!/bomb.txt', { 'b.jar': bomb }),
      'refused: bomb.txt of b.jar is too large to be shown: 50000000 bytes',
    )
    // It says that it is small.
    const lying = patched(Buffer.from(bomb), 24, 1000)
    assert.equal(await read('b.jar!/bomb.txt', { 'b.jar': lying }), 'x'.repeat(1000))
    // It says that it is none of the ways to pack that are known.
    const odd = patched(jar({ 'a.txt': 'text' }), 10, 99)
    assert.equal(await read('o.jar!/a.txt', { 'o.jar': odd }), 'refused: a.txt of o.jar cannot be unpacked')
    const broken = jar({ 'org/A.class': 'no class' })
    assert.match(await read('c.jar!/org/A', { 'c.jar': broken }), /is no class that can be read$/)
  })

  it('name the Java packages of published jars, and none of one that cannot be had or read', async () => {
    await using published = await testMavenRepository({})
    const classes = { 'org/lib/A.class': '', 'org/lib/in/B.class': '', 'META-INF/x/C.class': '' }
    published.files.set('org/lib/lib/1/lib-1.jar', jar(classes))
    published.files.set('org/lib/broken/1/broken-1.jar', Buffer.from('no jar'))
    const from = createRepository(published.host, join(cacheDir, 'packages'))
    const found = await mavenNamespaces({ repository: from, reader })(
      ['lib', 'broken', 'gone'].map((name) => ({ name: `org.lib:${name}`, version: '1' })),
      AbortSignal.timeout(40_000),
    )
    assert.deepEqual(Object.fromEntries(found), {
      'org.lib:lib': ['org.lib', 'org.lib.in'],
      'org.lib:broken': [],
      'org.lib:gone': [],
    })
  })

  it('of jars with too many entries are refused', async () => {
    const one = jar({ a: '' })
    const header = one.subarray(one.indexOf('PK\x01\x02'), one.indexOf('PK\x05\x06'))
    const start = one.subarray(0, one.indexOf('PK\x01\x02'))
    // The number of entries is 16 bits wide, but for the longer form (APPNOTE 4.3.14): so many, and more than there are.
    for (const [count, told] of [
      [300_000, 'it has more than 200000 entries'],
      [3_000_000_000, 'it has more than 200000 entries'],
    ] as const) {
      const directory = Buffer.concat(Array.from({ length: 300_000 }, () => header))
      const many = Buffer.concat([start, directory, zip64End(start.length, directory.length, count)])
      assert.equal(await read('m.jar!/a', { 'm.jar': many }), `refused: m.jar cannot be read: ${told}`)
    }
  })
})

/** The end of a jar in its longer form. */
function zip64End(offset: number, size: number, count: number): Buffer {
  const end = Buffer.alloc(56)
  end.write('PK\x06\x06', 'latin1')
  end.writeBigUInt64LE(44n, 4)
  end.writeBigUInt64LE(BigInt(count), 24)
  end.writeBigUInt64LE(BigInt(count), 32)
  end.writeBigUInt64LE(BigInt(size), 40)
  end.writeBigUInt64LE(BigInt(offset), 48)
  const locator = Buffer.alloc(20)
  locator.write('PK\x06\x07', 'latin1')
  locator.writeBigUInt64LE(BigInt(offset + size), 8)
  const last = Buffer.alloc(22, 0xff)
  last.write('PK\x05\x06', 'latin1')
  last.writeUInt16LE(0, 20)
  return Buffer.concat([end, locator, last])
}
