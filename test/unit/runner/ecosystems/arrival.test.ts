import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import {
  type Arriving,
  asInstalled,
  departures,
  expectArrival,
  placesOf,
  stayedBehind,
} from '../../../../src/runner/ecosystems/arrival.ts'
import { inspection } from '../../../../src/runner/ecosystems/npm/resolved.ts'
import type { Resolved } from '../../../../src/runner/ecosystems/plan.ts'
import { temporaryFolder, writeFiles } from '../../../support/madeRepository.ts'

const wanted: Arriving = { package: 'pad', plan: { to: '2.0.0' } }
const there: Resolved = { manifest: 'package.json', version: '2.0.0' }
const inA = { manifest: 'a/package.json' }

describe('arrival of a version', () => {
  const table: readonly (readonly [
    kind: string,
    place: Resolved,
    behind: boolean,
    more?: Partial<Arriving>,
  ])[] = [
    ['the version', there, false],
    ['another version', { ...there, version: '1.0.0' }, true],
    ['nothing', { manifest: 'package.json' }, true],
    ['no peer installed', { manifest: 'package.json', optional: true }, false],
    ['an optional one in another version', { ...there, version: '1.0.0', optional: true }, true],
    ['another package in its place', { ...there, instead: 'other' }, true],
    ['another package on purpose', { ...there, version: '5.0.0', means: 'other' }, false],
    ['not from a registry', { manifest: 'package.json', elsewhere: 'github:a/b' }, false],
    ['in a profile that is off', { ...there, version: '1.0.0', aside: 'off' }, false],
    ['a manifest that nobody asked for', { ...inA, version: '1.0.0' }, true],
    [
      'what was ahead',
      { ...there, version: '3.0.0' },
      false,
      { plan: { to: '2.0.0', left: new Set(['package.json']) } },
    ],
    [
      'the alias that was asked for',
      { ...there, means: 'other' },
      false,
      { plan: { to: '2.0.0', means: 'other' } },
    ],
  ]
  for (const [kind, place, behind, more] of table)
    it(`${kind}: ${behind ? 'stays behind' : 'is right'}`, () => {
      assert.equal(stayedBehind([place], { ...wanted, ...more }).length, behind ? 1 : 0)
    })

  it('looks at one manifest where only that was asked for, at all where a catalog was', () => {
    const old = { ...inA, version: '1.0.0' }
    assert.deepEqual(stayedBehind([there, old], { ...wanted, manifest: 'package.json' }), [])
    assert.deepEqual(stayedBehind([there, old], { ...wanted, manifest: 'pnpm-workspace.yaml' }), [old])
  })

  it('says where it stays, by what, and what to do', () => {
    const by = 'pnpm.overrides.pad in package.json (1.0.0)'
    assert.throws(() => expectArrival([there, { ...inA, version: '1.0.0', by }], wanted), {
      failure: {
        code: 'version-pinned',
        message: `pad 2.0.0 does not arrive: a/package.json gets 1.0.0, by ${by}.`,
        next: `Change ${by} so that it gives 2.0.0, or remove it, and start again.`,
        detail: `a/package.json: 1.0.0, by ${by}`,
      },
    })
    assert.throws(
      () => expectArrival([{ ...inA }], wanted),
      /version-pinned: pad 2.0.0 does not arrive: a\/package.json gets none\./,
    )
  })

  it('is none where nothing can be told of any declaration', () => {
    const aside = { ...inA, aside: 'package-lock.json is not for this manifest' }
    assert.doesNotThrow(() => expectArrival([there, aside], wanted))
    assert.throws(() => expectArrival([aside], wanted), /version-pinned: .* a\/package\.json gets none/)
    assert.doesNotThrow(() => expectArrival([{ ...there, aside: 'the profile old is not active' }], wanted))
  })

  it('shows each declaration before and after, once', () => {
    const rows = placesOf(
      [
        { manifest: 'package.json', version: '1.0.0' },
        { ...inA, version: '1.1.0' },
      ],
      [there, there, { ...inA, version: '2.0.0', by: 'x' }, { manifest: 'b', elsewhere: 'file:../pad' }],
    )
    assert.deepEqual(rows, [
      { manifest: 'package.json', before: '1.0.0', after: '2.0.0' },
      { manifest: 'package.json', after: '2.0.0' },
      { ...inA, before: '1.1.0', after: '2.0.0', by: 'x' },
      { manifest: 'b', note: 'taken from file:../pad' },
    ])
  })

  const left: readonly (readonly [kind: string, after: readonly Resolved[], says: RegExp | undefined])[] = [
    ['as it was', [there], undefined],
    ['declared twice', [there, { ...inA, version: '2.0.0' }], undefined],
    ['gone', [], /^pad is not declared in package\.json any more\.$/],
    [
      'pinned back',
      [{ ...there, version: '1.0.0', by: 'overrides.pad' }],
      /gets pad 1\.0\.0, by overrides\.pad, where the update brought 2\.0\.0/,
    ],
    [
      'from git',
      [{ manifest: 'package.json', elsewhere: 'github:a/pad' }],
      /taken from github:a\/pad in package\.json/,
    ],
    ['an alias', [{ ...there, means: 'pad-old' }], /^pad-old stands in the place of pad in package\.json\.$/],
    ['a trick of the lock file', [{ ...there, instead: 'pad-old' }], /^pad-old stands in the place of pad/],
    ['an empty lock file', [{ manifest: 'package.json' }], /gets pad in no version/],
  ]
  for (const [kind, after, says] of left)
    it(`after a change, ${kind}: ${says === undefined ? 'nothing against it' : 'a reason against it'}`, () => {
      const reasons = departures('pad', [there], after)
      if (says === undefined) assert.deepEqual(reasons, [])
      else assert.match(reasons.join(' '), says)
      assert.equal(reasons.length, says === undefined ? 0 : 1)
    })

  it('believes the workspace before the lock file, where it can be asked', () => {
    const at = new Map([['package.json', { name: 'pad', version: '1.0.0' }]])
    assert.deepEqual(asInstalled('pad', there, at), { ...there, version: '1.0.0' })
    assert.deepEqual(asInstalled('pad', { ...there, means: 'other' }, at), {
      ...there,
      means: 'other',
      version: '1.0.0',
      instead: 'pad',
    })
    const others: readonly Resolved[] = [
      { ...inA, version: '2.0.0' },
      { ...there, unasked: true },
      { ...there, aside: 'off' },
      { manifest: 'package.json', elsewhere: 'github:a/b' },
    ]
    for (const place of others) assert.equal(asInstalled('pad', place, at), place)
  })

  it('asks the installed tree as Node would', async () => {
    await using folder = await temporaryFolder()
    const manifest = (version: string, name = 'pad') => JSON.stringify({ name, version })
    await writeFiles(folder.path, {
      'node_modules/pad/package.json': manifest('2.0.0'),
      'packages/a/node_modules/pad/package.json': manifest('1.0.0', 'pad-old'),
      'packages/b/package.json': '{}',
    })
    const asked = inspection('pad', ['package.json', 'packages/a/package.json', 'packages/b/package.json'])
    const [, flag = '', script = '', , ...rest] = asked.argv
    const { stdout } = await promisify(execFile)(process.execPath, [flag, script, folder.path, ...rest])
    assert.deepEqual(Object.fromEntries(asked.read(`noise\n${stdout}`)), {
      'package.json': { name: 'pad', version: '2.0.0' },
      'packages/a/package.json': { name: 'pad-old', version: '1.0.0' },
      'packages/b/package.json': { name: 'pad', version: '2.0.0' },
    })
  })
})
