import assert from 'node:assert/strict'
import fc from 'fast-check'
import { createCapture } from '../../../../src/runner/docker/capture.ts'

const capture = (maxBytes: number, chunks: readonly string[]) => {
  const kept = createCapture(maxBytes)
  for (const chunk of chunks) kept.add(Buffer.from(chunk))
  const { output, truncated } = kept.result()
  return { text: output.toString(), truncated }
}

describe('capture', () => {
  it('keeps everything up to the limit', () => {
    assert.deepEqual(capture(10, ['abc', 'defg', 'hij']), { text: 'abcdefghij', truncated: false })
  })

  it('keeps head and tail beyond it, and says how much is missing', () => {
    const { text, truncated } = capture(10, ['abcde', 'fghijklmnop', 'qrstuvwxyz'])
    assert.equal(text, 'abcde\n… 16 bytes left out …\nvwxyz')
    assert.equal(truncated, true)
  })

  it('is the whole or its two ends, however it is cut', () =>
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'grapheme-ascii' })),
        fc.integer({ min: 2, max: 60 }),
        (chunks, max) => {
          const whole = chunks.join('')
          const half = Math.floor(max / 2)
          const { text, truncated } = capture(max, chunks)
          assert.equal(truncated, whole.length > 2 * half)
          if (!truncated) return assert.equal(text, whole)
          const gap = `\n… ${whole.length - 2 * half} bytes left out …\n`
          assert.equal(text, `${whole.slice(0, half)}${gap}${whole.slice(-half)}`)
        },
      ),
    ))
})
