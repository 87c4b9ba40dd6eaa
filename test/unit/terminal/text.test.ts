import assert from 'node:assert/strict'
import { money } from '../../../src/contract/money.ts'
import { age, duration, oneLine, printable } from '../../../src/runner/terminal/text.ts'

describe('terminal text', () => {
  it('shows control and bidi characters instead of obeying them', () => {
    assert.equal(printable('a\u001b[2Jb\u202ec'), 'a\\x1b[2Jb\\u{202e}c')
    assert.equal(printable('tab\tand\r\nnewline'), 'tab\tand\nnewline')
  })

  it('cuts one line at the width', () => {
    assert.equal(oneLine('a\nb   c', 10), 'a b c')
    assert.equal(oneLine('abcdef', 4), 'abc…')
  })

  it('says durations, money and age as people do', () => {
    assert.deepEqual([850, 12_340, 245_000].map(duration), ['850 ms', '12.3 s', '4 min 05 s'])
    assert.deepEqual([0, 0.01234, 2].map(money), ['$0', '$0.01', '$2.00'])
    assert.equal(age(0, 180_000), '3m ago')
  })
})
