import assert from 'node:assert/strict'
import { bounded, neutralise } from '../../../src/contract/text.ts'

describe('text from outside', () => {
  it('shows control and reordering characters as escapes', () => {
    assert.equal(
      neutralise('a\u001b]0;x\u0007b\u202ec\u2028d\u0085'),
      'a\\x1b]0;x\\x07b\\u202ec\\u2028d\\x85',
    )
  })
  it('keeps tabs, line ends and other scripts', () => {
    assert.equal(neutralise('a\tb\r\nc é 漢字 👩‍🚀'), 'a\tb\nc é 漢字 👩‍🚀')
  })
  it('keeps head and tail of what is too long', () => {
    assert.equal(bounded('abc', 3), 'abc')
    assert.equal(bounded('abcdefgh', 4), 'ab\n[… 4 characters left out …]\ngh')
  })
})
