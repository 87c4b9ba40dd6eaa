import assert from 'node:assert/strict'
import { execa } from 'execa'
import { bounded, neutralise, shellWord } from '../../../src/contract/text.ts'

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

describe('a word of a command line', () => {
  it('is what a shell reads again', async () => {
    for (const word of ['test-kit:src/a.ts', 'a b', "it's", '$(id)', '', '`x`', 'a\nb']) {
      const { stdout } = await execa('sh', ['-c', `printf %s ${shellWord(word)}`], {
        stripFinalNewline: false,
      })
      assert.equal(stdout, word)
    }
    assert.equal(shellWord('test-kit:src/a.ts'), 'test-kit:src/a.ts')
  })
})
