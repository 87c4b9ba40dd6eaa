import assert from 'node:assert/strict'
import { changelogRows } from '../../../src/contract/changelogRows.ts'
import type { WhyItBroke } from '../../../src/contract/why.ts'

const entries = [
  { version: '9.0.1', text: '- Fix CI to work with the newest `uuid/v4`' },
  { version: '9.0.0', text: '### ⚠ BREAKING CHANGES\n\n- Drop an old runtime.' },
  {
    version: '8.0.0',
    text: "### ⚠ BREAKING CHANGES\n\n- Named exports only.\n- Deep requiring like `require('uuid/v4')` is no longer supported.",
  },
  { version: '7.0.0', text: '- a word of v4 alone' },
]
const changelog = { entries, more: 0 }
const removed = { name: 'uuid/v4', kind: 'removed' as const, text: 'removed', sites: [], more: 0 }
const cause = { step: 'test' as const, command: 'npm test', message: 'gone', places: [], more: 0 }
const failures = { list: [cause], more: 0 }

function order(why: WhyItBroke): readonly string[] {
  return changelogRows({ changelog, ...why }).map(({ version }) => version)
}

describe('the entries of a changelog', () => {
  it('begin with what names the thing that is gone, then what calls itself breaking', () => {
    const found = { met: [removed], more: 0, unmet: 0, sites: [] }
    assert.deepEqual(order({ failures, interface: found }), ['8.0.0', '9.0.0', '9.0.1', '7.0.0'])
    const [first] = changelogRows({ changelog, failures, interface: found })
    assert.equal(first?.names, 3)
  })

  it('are found by what the failure itself quotes, where no difference of the interface is known', () => {
    const quoted = { ...cause, message: "Cannot find module 'uuid/v4'" }
    assert.equal(order({ failures: { list: [quoted], more: 0 } })[0], '8.0.0')
    assert.deepEqual(order({ failures }), ['9.0.0', '8.0.0', '9.0.1', '7.0.0'])
  })

  it('are the newest first where nothing broke', () => {
    assert.deepEqual(order({}), ['9.0.1', '9.0.0', '8.0.0', '7.0.0'])
    assert.deepEqual(changelogRows({}), [])
  })
})
