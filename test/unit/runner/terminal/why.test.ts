import assert from 'node:assert/strict'
import { sessionView } from '../../../../src/contract/sessionView.ts'
import { colors } from '../../../../src/runner/terminal/colors.ts'
import { turnLines } from '../../../../src/runner/terminal/turns.ts'
import { whyPart } from '../../../../src/runner/terminal/why.ts'
import { columnsOf, wrapped } from '../../../../src/runner/terminal/wrap.ts'
import { explained } from '../../../support/panel/why.ts'

const plain = colors(false)
const id = '20260304-090000-bbbbb9'

describe('why it broke, at a terminal', () => {
  it('has the code and the message first, then what changed with its lines, the changelog and the packages', () => {
    const lines = whyPart(sessionView(explained(id).events), plain).split('\n')
    assert.equal(lines[0], 'Why it broke  4.8.1 of 2025-11-02 → 5.0.0 of 2026-02-17')
    assert.match(lines[1] ?? '', /^ {2}✖ TS2559: Type 'string' has no properties/)
    assert.equal(lines[2], '    build npm run build: src/catalogue.ts:14')
    assert.match(lines[3] ?? '', /^ {2}✖ ERR_PACKAGE_PATH_NOT_EXPORTED: Package subpath/)
    assert.match(lines[4] ?? '', /src\/orders\.ts:2 › test\/orders\.test\.ts, .*, 4 more places$/)
    const text = lines.join('\n')
    for (const part of [
      '  ~ changed createClient: was',
      '      src/catalogue.ts:14  this.#client = createClient(',
      '      … 2 more lines',
      '  its changelog, 5.0.0',
      `    … 3 other entries: drydock show ${id} --changelog`,
      '  5 packages: 2 added, 2 moved, 1 removed, 1 runs a script when installed',
      'runs postinstall: node scripts/build.js --quiet',
    ])
      assert.ok(text.includes(part), `${part} is not in:\n${text}`)
  })

  it('is called by what it is where nothing broke, and is not there where nothing is known', () => {
    const clean = explained(id, {
      packages: { moves: [{ name: 'a', before: ['1'], after: ['2'] }], more: 0 },
    })
    assert.match(whyPart(sessionView(clean.events), plain), /^What the update brings\n/)
    assert.equal(whyPart(sessionView(explained(id, {}).events), plain), '')
  })
})

describe('the turns of a session, at a terminal', () => {
  it('are what was said and done, with the lines of an edit and the reason of a refusal', () => {
    const text = turnLines(explained(id).events, plain)
    assert.match(text, /^turn 1 {2}\$0\.03\n {2}The build fails in two files\./)
    assert.match(text, /\n {2}✔ Read src\/catalogue\.ts\n/)
    assert.match(
      text,
      /\n {2}✔ Edited src\/catalogue\.ts \+1 −1\n {6}- createClient\(baseUrl, .*\n {6}\+ createClient\(\{/,
    )
    assert.match(text, /\n {2}✖ Could not edit src\/orders\.ts\n[^✔]*old does not occur exactly once\./)
    assert.match(text, /\n {2}✔ Searched `export interface ClientOptions`: 5 hits/)
  })
})

describe('long lines at a terminal', () => {
  it('go on at words below, indented, whatever colours are in them', () => {
    const red = colors(true).red('four five')
    const lines = wrapped(`  one two three ${red} six seven eight nine`, 20).split('\n')
    assert.deepEqual(
      // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are escapes
      lines.map((line) => line.replace(/\u001b\[\d+m/g, '')),
      ['  one two three four', '    five six seven', '    eight nine'],
    )
  })

  it('stay whole where they fit, where a word is longer, and where nobody looks', () => {
    assert.equal(wrapped('one two', 7), 'one two')
    assert.equal(wrapped('a/very/long/path', 5), 'a/very/long/path')
    assert.equal(columnsOf({ isTTY: false, columns: 80 }), Number.POSITIVE_INFINITY)
    assert.equal(columnsOf({ isTTY: true, columns: 80 }), 80)
    assert.equal(columnsOf({ isTTY: true, columns: 400 }), 120)
  })
})
