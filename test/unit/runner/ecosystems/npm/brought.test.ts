import assert from 'node:assert/strict'
import { failures } from '../../../../../src/contract/failures.ts'
import { broughtWith, readBeside } from '../../../../../src/runner/ecosystems/npm/release/brought.ts'
import type { Outline } from '../../../../../src/runner/ecosystems/npm/release/outline.ts'
import type { Packument, Registry } from '../../../../../src/runner/registries/npm/registry.ts'

const outline = (
  version: string,
  dependencies: Outline['dependencies'] = {},
  typed = true,
  handed: readonly string[] = [],
): Outline => ({ version, dependencies, typed, handed })
const nothingMore = async () => undefined

/** A registry that has each package in some versions, and says which are asked for. */
function registryOf(versions: Readonly<Record<string, readonly string[]>>, origin = (_: string) => 'one') {
  const asked: string[] = []
  const registry: Registry = {
    origin,
    published: () => Promise.reject(new Error('not asked')),
    packument: async (name) => {
      if (versions[name] === undefined) throw failures.noSuchPackage(name)
      return { name, versions: versions[name] } as unknown as Packument
    },
    tarball: async (name, version) => {
      asked.push(`${name}@${version}`)
      return Buffer.from(name)
    },
  }
  return { asked, registry }
}

describe('packages that an update brings', () => {
  it('are those of its scope or in step with it whose first number moves, and what a runner gives', () => {
    const before = outline('5.3.4', { router: '5.3.4', other: '^1.0.0', same: '5.3.4', '@types/a': '5.3.4' })
    const after = outline('6.1.0', { router: '6.1.0', other: '^2.0.0', same: '5.3.4', '@types/a': '6.1.0' })
    assert.deepEqual(broughtWith('router-dom', before, after), [
      { name: 'router', from: '5.3.4', to: '6.1.0' },
    ])
    const scoped = [
      outline('4.3.0', { '@q/core': '4.2.9' }),
      outline('5.1.0', { '@q/core': '5.0.8' }),
    ] as const
    assert.deepEqual(
      broughtWith('@q/react', ...scoped).map(({ name }) => name),
      ['@q/core'],
    )
    const [first] = broughtWith('jest', outline('29.7.0'), outline('30.0.0'))
    assert.deepEqual(first, { name: 'expect', from: '29.7.0', to: '30.0.0' })
  })

  it('are read in the newest versions that fit; what cannot be had is left out', async () => {
    const { asked, registry } = registryOf({ '@q/core': ['4.0.0', '4.9.0', '5.0.0', '5.2.0'] })
    const dependencies = (range: string) => ({ '@q/core': range, '@q/lost': range })
    const outlines = [
      outline('4.0.0', dependencies('^4.0.0')),
      outline('5.0.0', dependencies('~5.0.0')),
    ] as const
    const { pairs, whole } = await readBeside('@q/react', outlines, registry, nothingMore)
    assert.equal(whole, true)
    assert.deepEqual(
      pairs.map(({ name }) => name),
      ['@q/core'],
    )
    assert.deepEqual(asked, ['@q/core@4.9.0', '@q/core@5.0.0'])
  })
})

describe('packages that declarations are written with', () => {
  it('are read beside it, and what they are written with in their turn', async () => {
    const { asked, registry } = registryOf({
      core: ['1.4.0', '2.0.0'],
      file: ['4.0.0', '6.1.0'],
      other: ['1.0.0'],
    })
    const [old, now] = [
      { core: '^1.0.0', other: '^1.0.0' },
      { core: '^2.0.0', other: '^2.0.0' },
    ]
    const outlines = [outline('13.0.0', old, true, ['core']), outline('15.0.0', now, true, ['core'])] as const
    const of = async ({ name }: { name: string }) =>
      name === 'core'
        ? ([
            outline('1.4.0', { file: '^4.0.0' }, true, ['file']),
            outline('2.0.0', { file: '^6.0.0' }, true, ['file']),
          ] as const)
        : undefined
    const { pairs } = await readBeside('mark', outlines, registry, of)
    assert.deepEqual(
      pairs.map(({ name, handed }) => [name, handed]),
      [
        ['core', true],
        ['file', true],
      ],
    )
    assert.deepEqual(asked, ['core@1.4.0', 'core@2.0.0', 'file@4.0.0', 'file@6.1.0'])
  })
})

describe('declarations that others wrote of a package', () => {
  const untyped = [outline('1.2.6', {}, false), outline('2.1.2', {}, false)] as const
  const versions = { '@types/form': ['1.0.0', '1.2.9', '1.3.0', '2.0.6', '3.4.0'] }

  it('are read of the two versions where they carry none', async () => {
    const { asked, registry } = registryOf(versions)
    const [pair] = (await readBeside('form', untyped, registry, nothingMore)).pairs
    assert.deepEqual(
      [pair?.name, pair?.typings, asked],
      ['@types/form', true, ['@types/form@1.2.9', '@types/form@2.0.6']],
    )
  })

  it('that cannot be had now are not taken for none, so that nothing is kept', async () => {
    const none = registryOf({})
    assert.deepEqual(await readBeside('form', untyped, none.registry, nothingMore), {
      pairs: [],
      whole: true,
    })
    const away: Registry = {
      ...none.registry,
      packument: async () => {
        throw failures.registryUnreachable('registry.example.com', 'ECONNRESET')
      },
    }
    assert.deepEqual(await readBeside('form', untyped, away, nothingMore), { pairs: [], whole: false })
  })

  it('are not asked for where one version carries its own, and at no registry but that of the package', async () => {
    const own = registryOf(versions)
    const nothing = { pairs: [], whole: true }
    assert.deepEqual(
      await readBeside('form', [untyped[0], outline('2.1.2')], own.registry, nothingMore),
      nothing,
    )
    const other = registryOf({ '@types/own__form': ['1.0.0', '2.0.0'] }, (name) =>
      name.startsWith('@own/') ? 'theirs' : 'public',
    )
    assert.deepEqual(await readBeside('@own/form', untyped, other.registry, nothingMore), nothing)
    assert.deepEqual([...own.asked, ...other.asked], [])
  })
})
