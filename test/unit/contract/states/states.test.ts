import assert from 'node:assert/strict'
import { alarmsOf } from '../../../../src/contract/states/alarms.ts'
import {
  type Card,
  checksCard,
  judgeCard,
  toLookAt,
  warningsCard,
} from '../../../../src/contract/states/cards.ts'
import { rowWords } from '../../../../src/contract/states/row.ts'
import { situationOf } from '../../../../src/contract/states/situation.ts'
import { stateOf } from '../../../../src/contract/states/state.ts'
import { type Combination, combinations, sessionOf } from './combinations.ts'
import * as table from './table.ts'

const all = combinations()

describe('states of a session', () => {
  it(`speaks of ${all.length} combinations that a log can tell`, () => {
    assert.ok(all.length > 3_000)
  })

  it('has the headline and the row of the table', () => {
    compare(table.headlines, (one) => {
      const situation = situationFor(one)
      const { tone, title } = stateOf(situation)
      return `${tone}: ${title} (${rowWords(situation).join(', ')})`
    })
  })

  it('has the checks of the table', () => {
    compare(table.checks, (one) => first(checksCard(sessionOf(one).session, situationFor(one))))
  })

  it('has the judge of the table', () => {
    compare(table.judge, (one) => first(judgeCard(sessionOf(one).session, situationFor(one))))
  })

  it('has the warnings of the table', () => {
    compare(table.warnings, (one) => whole(warningsCard(sessionOf(one).session, situationFor(one))))
  })

  it('has the alarms of the table', () => {
    compare(table.alarms, (one) => {
      const said = alarmsOf(sessionOf(one).session, situationFor(one), ({ next }) => next)
      return said.map((text) => text.split(/[.:]/, 1)[0]).join(', ') || 'nothing'
    })
  })

  it('is never green where anything is missing', () => {
    for (const one of all) {
      const situation = situationFor(one)
      const { tone, name } = stateOf(situation)
      if (tone !== 'good' || name !== 'ready') continue
      assert.deepEqual(
        [one.checks, one.verdict, one.runner],
        ['tests', 'approve', 'ended'],
        JSON.stringify(one),
      )
      assert.notEqual(one.warnings, 'open')
      assert.deepEqual(
        alarmsOf(sessionOf({ ...one, failure: 'none' }).session, situation, () => ''),
        [],
      )
    }
  })

  it('has no number on the tab of the checks where none needs a look, or none is known', () => {
    for (const one of all) assert.notEqual(toLookAt(sessionOf(one).session, situationFor(one)), 0)
  })
})

function situationFor(one: Combination): ReturnType<typeof situationOf> {
  const { session, settled, said } = sessionOf(one)
  return situationOf(session, { settled, said })
}

function first({ term, facts: [fact] }: Card): string {
  return `${term}: ${fact?.tone} ${fact?.text}`
}

function whole({ term, facts }: Card): string {
  return `${term}: ${facts.map(({ tone, text }) => `${tone} ${text}`).join(', ')}`
}

/** One row for each combination, no more, and what it says is what is shown. */
function compare(rows: readonly table.Row<string>[], shown: (one: Combination) => string): void {
  const used = new Set<table.Row<string>>()
  for (const one of all) {
    const found = rows.filter(({ when }) => fits(when, one))
    assert.equal(
      found.length,
      1,
      `${found.length} rows for ${JSON.stringify(one)}: ${found.map(({ says }) => says).join(' | ')}`,
    )
    const [row] = found
    if (row === undefined) continue
    used.add(row)
    assert.equal(shown(one), row.says, JSON.stringify(one))
  }
  assert.deepEqual(
    rows.filter((row) => !used.has(row)).map(({ when }) => when),
    [],
    'rows of which no combination speaks',
  )
}

function fits(when: table.Row<string>['when'], one: Combination): boolean {
  return Object.entries(when).every(([name, wanted]) => {
    const value = one[name as keyof Combination]
    return Array.isArray(wanted) ? wanted.includes(value) : wanted === value
  })
}
