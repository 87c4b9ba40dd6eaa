import assert from 'node:assert/strict'
import type { OutdatedDependency } from '../../../src/contract/outdated.ts'
import {
  choicesOf,
  choiceText,
  notesText,
  versionsText,
} from '../../../src/extension/commands/packageText.ts'

const now = Date.parse('2026-11-22T12:00:00.000Z')
const row: OutdatedDependency = {
  ...{ name: 'http-client', manifest: 'package.json', group: 'dev', range: '^4.8.0', change: 'major' },
  ...{ current: '4.8.1', wanted: '4.9.0', latest: '6.0.0' },
  choices: [
    { version: '6.0.0', published: '2026-11-12T08:00:00.000Z' },
    { version: '5.4.2', published: '2025-03-01T00:00:00.000Z', deprecated: 'Use version 6.\nPlease.' },
    { version: '4.9.0' },
  ],
}

describe('a dependency in the pick', () => {
  it('says current and latest once, the age of the latest, and what the range admits', () => {
    assert.equal(versionsText(row), '4.8.1 → 6.0.0')
    assert.equal(notesText(row, now, false), 'dev · 10 days old · 4.9.0 within the declared range')
    assert.equal(
      notesText({ ...row, choices: [] }, now, true),
      'dev · 4.9.0 within the declared range · package.json',
    )
  })

  it('says what gives it its version', () => {
    const moved = { ...row, group: 'prod', wanted: '6.0.0', choices: [], through: 'org.lib:bom' }
    assert.equal(notesText(moved, now, false), 'version by org.lib:bom')
  })

  it('says of the latest that it is given up, in one line', () => {
    const [, old] = row.choices ?? []
    assert.ok(old)
    const given = { ...row, group: 'prod', wanted: '5.4.2', latest: '5.4.2', choices: [old] }
    assert.equal(notesText(given, now, false), '21 months old · deprecated: Use version 6.')
  })

  it('offers the newest of each major with its date, and what the range admits, each once', () => {
    assert.deepEqual(
      choicesOf(row).map(({ version }) => version),
      ['6.0.0', '5.4.2', '4.9.0'],
    )
    assert.deepEqual(
      choicesOf({ ...row, choices: undefined }).map(({ version }) => version),
      ['6.0.0', '4.9.0'],
    )
    assert.deepEqual(
      choicesOf(row).map((one) => choiceText(one, row, now)),
      [
        'latest · 2026-11-12, 10 days old',
        '2025-03-01, 21 months old · deprecated: Use version 6.',
        'within the declared range',
      ],
    )
  })
})
