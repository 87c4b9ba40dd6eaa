import assert from 'node:assert/strict'
import { cleanLine, LineCutter } from '../../../src/runner/summarise/lines.ts'

function cut(chunks: readonly (string | Uint8Array)[]): string[] {
  const lines: string[] = []
  const cutter = new LineCutter({ line: (line, number) => lines.push(`${number}:${line}`) })
  for (const chunk of chunks) cutter.push(chunk)
  cutter.end()
  return lines
}

describe('the lines of a log', () => {
  it('are the same however the stream is cut, even inside a character', () => {
    const bytes = Buffer.from('one\n✖ two\r\nthree')
    const whole = cut([bytes])
    assert.deepEqual(whole, ['1:one', '2:✖ two', '3:three'])
    for (let at = 1; at < bytes.length; at += 1)
      assert.deepEqual(cut([bytes.subarray(0, at), bytes.subarray(at)]), whole)
  })

  it('have a longest length, and one without an end takes no more memory', () => {
    const lines = cut([...Array.from({ length: 100 }, () => 'x'.repeat(100_000)), '\nnext\n'])
    assert.equal(lines.length, 2)
    assert.ok((lines[0]?.length ?? 0) <= 4_010)
    assert.equal(lines[1], '2:next')
  })

  it('lose colours, progress, timestamps and prefixes', () => {
    assert.equal(cleanLine('\u001b[31merror\u001b[39m here'), 'error here')
    assert.equal(cleanLine('10 %\r50 %\rdone'), 'done')
    assert.equal(cleanLine('2026-01-02T03:04:05.1234567Z [ERROR] no'), '[ERROR] no')
    assert.equal(cleanLine('web-1  | listening'), 'listening')
    assert.equal(cleanLine('[0] src/a.ts(1,2): error TS1: x'), 'src/a.ts(1,2): error TS1: x')
    assert.equal(cleanLine('[ERROR] a | b'), '[ERROR] a | b')
  })
})
