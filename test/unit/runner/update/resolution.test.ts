import assert from 'node:assert/strict'
import type { WrittenLock } from '../../../../src/runner/install/writtenLock.ts'
import {
  type Manifests,
  type Resolver,
  resolve,
  type Written,
} from '../../../../src/runner/update/resolution.ts'

const manifests = (text: string): Manifests => new Map([['manifest', Buffer.from(text)]])
const textOf = (files: Manifests): string => files.get('manifest')?.toString('utf8') ?? ''
const [loose, exact, third] = [manifests('^2'), manifests('2.0.0'), manifests('2')]
const adapt = (path: string, bytes: Buffer): Buffer => Buffer.from(`${path}: ${bytes} adapted`)

/** A package manager that writes two lock files, and versions that arrive where `leads` says so. */
function manager(leads: (written: string) => boolean) {
  const said: string[] = []
  const lock = (path: string, text: string): WrittenLock => ({
    path,
    writer: 'tool',
    bytes: Buffer.from(text),
  })
  const arrives = ({ locks }: Written): boolean => leads(locks[0]?.bytes.toString('utf8') ?? '')
  const by: Resolver = {
    write: async (files, from = []) => {
      const start = from.map(({ bytes }) => bytes.toString('utf8')).join(' and ')
      said.push(start === '' ? textOf(files) : `${textOf(files)} from ${start}`)
      return ['a.lock', 'b.lock'].map((path) => lock(path, `${textOf(files)}${start === '' ? '' : ' again'}`))
    },
    arrives: async (written) => arrives(written),
    expect: async (written) => {
      if (!arrives(written)) throw new Error(`pinned: ${textOf(written.manifests)}`)
    },
  }
  return { by, said }
}

describe('how lock files come of an update', () => {
  const passes = [{ manifests: loose }, { manifests: exact, loosened: { manifests: loose, adapt } }]

  it('by the first pass where that leads to the versions', async () => {
    const { by, said } = manager((text) => text === '^2')
    const found = await resolve(loose, passes, by)
    assert.deepEqual([textOf(found.manifests), found.locks.length, said], ['^2', 2, ['^2']])
  })

  it('by the next one, loosened from every lock file that it wrote', async () => {
    const { by, said } = manager((text) => text === '2.0.0' || text === '^2 again')
    const found = await resolve(loose, passes, by)
    assert.deepEqual(said, ['^2', '2.0.0', '^2 from a.lock: 2.0.0 adapted and b.lock: 2.0.0 adapted'])
    assert.equal(textOf(found.manifests), '^2')
    assert.equal(found.locks[1]?.bytes.toString('utf8'), '^2 again')
  })

  it('by the exact versions where looser ones do not hold', async () => {
    const { by } = manager((text) => text === '2.0.0')
    const found = await resolve(loose, passes, by)
    assert.deepEqual([textOf(found.manifests), found.locks[0]?.bytes.toString('utf8')], ['2.0.0', '2.0.0'])
  })

  it('is refused where not even the last pass leads there', async () => {
    const { by, said } = manager(() => false)
    await assert.rejects(resolve(loose, [...passes, { manifests: third }], by), /^Error: pinned: 2$/)
    assert.deepEqual(said, ['^2', '2.0.0', '2'])
  })

  it('needs none where the manifests alone decide, and is refused where they do not lead there', async () => {
    const { by, said } = manager(() => true)
    assert.deepEqual(await resolve(loose, [], by), { manifests: loose, locks: [] })
    assert.deepEqual(said, [])
    await assert.rejects(resolve(loose, [], manager(() => false).by), /pinned/)
  })
})
