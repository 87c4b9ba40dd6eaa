import assert from 'node:assert/strict'
import type { ApiChange, Release } from '../../../../../src/runner/ecosystems/release/release.ts'
import { apiTexts } from '../../../../../src/runner/repair/context/apiText.ts'
import { releaseDocument } from '../../../../../src/runner/repair/context/documents.ts'
import { notesText } from '../../../../../src/runner/repair/context/notesText.ts'
import { renames } from '../../../../../src/runner/repair/context/renames.ts'

function member(kind: ApiChange['kind'], name: string, text: string): ApiChange {
  const sides = kind === 'added' ? { before: [], after: [text] } : { before: [text], after: [] }
  return { name, word: name.split('.').at(-1) ?? name, kind, of: 'member', ...sides }
}

function release(changes: readonly ApiChange[], notes = ''): Release {
  const entries = notes === '' ? [] : [{ version: '2.0.0', text: notes }]
  return { notes: entries, changes, source: 'declarations', namespaces: [] }
}

function renamed(changes: readonly ApiChange[], notes = ''): readonly (readonly [string, string])[] {
  return [...renames(release(changes, notes))].map(([{ name }, now]) => [name, now] as const)
}

const maxAge = member('removed', 'Options.maxAge', 'maxAge?: number')
const ttl = member('added', 'Options.ttl', 'ttl?: number')

describe('what a release says', () => {
  it('pairs a removed member with the new one that declares the same, or that the changelog names', () => {
    assert.deepEqual(renamed([maxAge, ttl]), [['Options.maxAge', 'Options.ttl']])
    const other = member('added', 'Options.size', 'size?: number')
    assert.deepEqual(renamed([maxAge, ttl, other]), [])
    assert.deepEqual(renamed([maxAge, ttl, other], '- `maxAge` is `ttl` now'), [
      ['Options.maxAge', 'Options.ttl'],
    ])
    assert.deepEqual(renamed([maxAge, member('added', 'Cache.ttl', 'ttl?: number')]), [])
    const relax = member('removed', 'Options.relax', 'relax?: boolean')
    const quotes = ['relaxQuotes', 'relax_quotes'].map((name) =>
      member('added', `Options.${name}`, `${name}?: boolean | undefined`),
    )
    assert.deepEqual(renamed([relax, ...quotes]), [['Options.relax', 'Options.relax_quotes']])
  })

  it('tells what the project uses with its new name, and other names alone', () => {
    const unused = member('removed', 'Options.stale', 'stale?: boolean')
    const sites = [{ path: 'a.js', line: 1, text: 'maxAge: 5', uses: ['maxAge'] }]
    const { used, others } = apiTexts(release([maxAge, unused, ttl]), sites, 2_000)
    assert.match(used, /- removed Options\.maxAge: `maxAge\?: number`; probably now Options\.ttl$/)
    assert.equal(others, 'Also removed: Options.stale\n\nNew: Options.ttl')
  })

  it('keeps the lines of a changelog that name what the project uses', () => {
    const filler = Array.from({ length: 60 }, (_, at) => `- breaking change number ${at} of many`).join('\n')
    const notes = [{ version: '2.0.0', text: `${filler}\n- the default of \`digits\` is 2` }]
    assert.doesNotMatch(notesText(notes, '2.0.0', 1_200), /digits/)
    assert.match(notesText(notes, '2.0.0', 1_200, ['digits']), /\n> - the default of `digits` is 2\n> …$/)
  })

  it('gives the rest by its address', () => {
    const known = release([maxAge, ttl], 'All of it.')
    assert.equal(releaseDocument(known, 'drydock://release/changelog'), '## 2.0.0\n\nAll of it.')
    assert.match(
      releaseDocument(known, 'drydock://release/interface?name=TTL') ?? '',
      /^- new Options\.ttl: `ttl\?: number`$/,
    )
    assert.match(releaseDocument(known, 'drydock://release/interface?name=zz') ?? '', /^Nothing of that name/)
    assert.equal(releaseDocument(known, 'drydock://release/../secrets'), undefined)
    assert.equal(releaseDocument(undefined, 'drydock://release/changelog'), undefined)
  })
})
