import assert from 'node:assert/strict'
import type { Ecosystem } from '../../../../src/runner/ecosystems/ecosystem.ts'
import type { Locked } from '../../../../src/runner/ecosystems/locked.ts'
import type { Release } from '../../../../src/runner/ecosystems/release/release.ts'
import { findPackageMoves } from '../../../../src/runner/pipeline/moves.ts'
import { changelogOf, metOf } from '../../../../src/runner/pipeline/why.ts'

const release: Release = {
  notes: [
    { version: '3.0.0', text: 'x'.repeat(11_000) },
    { version: '2.0.0', text: 'y'.repeat(2_000) },
    { version: '1.0.0', text: 'z' },
  ],
  changes: [
    { name: 'v4', word: 'v4', kind: 'removed', of: 'member', before: ['v4(): string'], after: [] },
    { name: 'uuid.v4', word: 'v4', kind: 'removed', of: 'member', before: ['v4(): string'], after: [] },
    { name: 'uuid/v4', word: 'uuid/v4', kind: 'removed', of: 'module', before: [], after: [] },
    { name: 'other', word: 'other', kind: 'changed', of: 'member', before: ['a'], after: ['b'] },
    { name: 'v7', word: 'v7', kind: 'added', of: 'member', before: [], after: ['v7(): string'] },
    { name: 'engines.node', word: '', kind: 'changed', of: 'package', before: ['>=8'], after: ['>=16'] },
  ],
  ...{ source: 'declarations', namespaces: [] },
}

describe('why an update breaks', () => {
  it('joins what changed with the lines that meet it, aliases once', () => {
    const sites = [
      { path: 'src/a.js', line: 3, text: 'id = v4()', uses: ['v4'] },
      { path: 'src/b.js', line: 1, text: "require('uuid/v4')" },
      { path: 'src/c.js', line: 1, text: 'nothing known' },
    ]
    const { whole, met, unmet, sites: others } = metOf(release, { sites })
    assert.deepEqual(
      met.map(({ name, kind, sites }) => [name, kind, sites.map(({ path }) => path)]),
      [
        ['v4', 'removed', ['src/a.js']],
        ['uuid/v4', 'removed', ['src/b.js']],
      ],
    )
    assert.match(met[0]?.text ?? '', /^removed v4: `v4\(\): string`/)
    assert.deepEqual([unmet, others.map(({ path }) => path)], [2, ['src/c.js']])
    assert.deepEqual(whole, ['engines.node: >=8 → >=16'])
  })

  it('keeps the newest entries of a changelog, and says what is left out', () => {
    const { entries, more } = changelogOf(release)
    assert.deepEqual(
      entries.map(({ version, text, cut }) => [version, text.length, cut]),
      [
        ['3.0.0', 11_000, undefined],
        ['2.0.0', 1_000, true],
      ],
    )
    assert.equal(more, 1)
  })

  it('names packages by all their versions, and what the new ones run when they are installed', async () => {
    const old: Locked[] = [
      { name: 'a', version: '1.0.0' },
      { name: 'a', version: '9.0.0' },
      { name: 'gone', version: '1.0.0' },
      { name: 'kept', version: '1.0.0', installScript: true },
    ]
    const now: Locked[] = [
      { name: 'a', version: '9.0.0' },
      { name: 'a', version: '10.0.0', installScript: false },
      { name: 'kept', version: '1.0.0', installScript: true },
      { name: 'new', version: '1.0.0', installScript: true },
      { name: 'unread', version: '1.0.0', installScript: true },
      { name: 'unsaid', version: '1.0.0' },
    ]
    const ecosystem: Pick<Ecosystem, 'ownScripts'> = {
      ownScripts: async ({ name }: Locked) => {
        if (name === 'new') return [{ name: 'postinstall', command: 'node build.js' }]
        throw new Error('not to be had')
      },
    }
    const found = await findPackageMoves(ecosystem, old, now, AbortSignal.timeout(5000))
    assert.deepEqual(found, {
      moves: [
        { name: 'a', before: ['1.0.0', '9.0.0'], after: ['9.0.0', '10.0.0'] },
        { name: 'gone', before: ['1.0.0'], after: [] },
        {
          ...{ name: 'new', before: [], after: ['1.0.0'] },
          scripts: [{ name: 'postinstall', command: 'node build.js' }],
        },
        { name: 'unread', before: [], after: ['1.0.0'], scripts: [] },
        { name: 'unsaid', before: [], after: ['1.0.0'], unread: true },
      ],
      more: 0,
    })
  })
})
