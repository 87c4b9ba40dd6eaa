import assert from 'node:assert/strict'
import {
  changelogEntries,
  changelogName,
  notesBetween,
} from '../../../../../src/runner/ecosystems/release/changelog.ts'
import { notesText } from '../../../../../src/runner/repair/context/notesText.ts'

const kept = `# Changelog
All notable changes.

## [Unreleased]
- later

## [3.1.0] - 2024-02-01
### Added
- \`open\`

## [3.0.0](https://example.com/compare/v2...v3) (2024-01-01)

### ⚠ BREAKING CHANGES
- \`close\` was removed

## 2.9.0
- a fix
`
const underlined = `unreleased
==================
  * nothing

5.0.0 / 2024-09-10
==================
  * remove: deprecated signatures

4.19.0 / 2024-03-20
==================
  * deps
`

describe('changelogs', () => {
  const versions = (text: string, from: string, to: string) =>
    notesBetween(text, from, to).map(({ version }) => version)

  it('takes the entries after the old version up to the new one, whatever the headings look like', () => {
    assert.deepEqual(versions(kept, '2.9.0', '3.0.0'), ['3.0.0'])
    assert.deepEqual(versions(kept, '2.0.0', '3.1.0'), ['3.1.0', '3.0.0', '2.9.0'])
    assert.deepEqual(versions(underlined, '4.18.0', '5.0.0'), ['5.0.0', '4.19.0'])
    assert.deepEqual(versions('# v4.0\n- x\n# v3.2\n- y\n', '3.9.0', '4.0.1'), ['4.0.0'])
    assert.deepEqual(versions('**2.0.0**\n\nx\n', '1.0.0', '2.0.0'), ['2.0.0'])
    assert.deepEqual(versions(kept, 'latest', '3.0.0'), [])
  })

  it('does not take a sentence about a version for its heading', () => {
    const text =
      '## 2.0.0\n\nRemoves what 1.9.0 deprecated.\n\n### How to migrate code written for 1.5.0\n\nx\n'
    assert.deepEqual(
      changelogEntries(text).map(({ version }) => version),
      ['2.0.0'],
    )
  })

  it('finds the file by its usual names, at the top only', () => {
    assert.equal(changelogName(['README.md', 'HISTORY.md', 'CHANGELOG.md']), 'CHANGELOG.md')
    assert.equal(changelogName(['docs/CHANGELOG.md', 'changes.txt']), 'changes.txt')
    assert.equal(changelogName(['lib/changelog.js']), undefined)
  })

  it('puts what looks breaking first, keeps its room and says what is left out', () => {
    const notes = notesBetween(kept, '2.0.0', '3.1.0')
    assert.match(notesText(notes, '3.1.0', 3_000), /^### 3\.0\.0\n/)
    const long = Array.from({ length: 40 }, (_, at) => ({
      version: `1.${at + 1}.0`,
      text: `${'- a change of no importance\n'.repeat(80)}- BREAKING: number ${at}`,
    }))
    const text = notesText(long, '1.40.0', 3_000)
    assert.ok(text.length <= 3_000)
    assert.match(text, /^### 1\.40\.0\n> - BREAKING: number 39\n/)
    assert.match(text, /further entries up to 1\.40\.0 are left out\.$/)
  })
})
