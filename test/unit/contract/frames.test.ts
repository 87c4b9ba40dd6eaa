import assert from 'node:assert/strict'
import fc from 'fast-check'
import {
  ContainerFrame,
  encodeFrame,
  FrameError,
  MAX_PAYLOAD_BYTES,
  payloads,
  type ReceivedFrame,
  readFrames,
} from '../../../src/contract/frames.ts'

async function* chunks(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

async function read(bytes: Buffer, size = 7): Promise<ReceivedFrame<ContainerFrame>[]> {
  const frames: ReceivedFrame<ContainerFrame>[] = []
  for await (const frame of readFrames(chunks(bytes, size), ContainerFrame)) frames.push(frame)
  return frames
}

describe('frames', () => {
  it('come out as they went in, however the bytes are cut', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.integer({ min: 1 }), fc.uint8Array({ maxLength: 300 })), { maxLength: 8 }),
        fc.integer({ min: 1, max: 500 }),
        async (list, size) => {
          const sent = list.map(([id, payload]) => ({
            header: { type: 'request.body' as const, id },
            payload: Buffer.from(payload),
          }))
          const bytes = Buffer.concat(sent.map(({ header, payload }) => encodeFrame(header, payload)))
          assert.deepEqual(await read(bytes, size), sent)
        },
      ),
      { numRuns: 100 },
    ))

  it('are read or refused, whatever the bytes', () =>
    fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
        await read(Buffer.from(bytes)).catch((error: unknown) => assert.ok(error instanceof FrameError))
      }),
      { numRuns: 300 },
    ))

  it('are refused when cut short, and this is told apart', async () => {
    const whole = encodeFrame({ type: 'output' }, Buffer.from('abc'))
    for (let length = 1; length < whole.length; length++) {
      await assert.rejects(read(whole.subarray(0, length)), { name: 'FrameError', cut: true }, `${length}`)
    }
    assert.equal((await read(whole)).length, 1)
  })

  it('have bounded payloads', () => {
    assert.throws(() => encodeFrame({ type: 'output' }, Buffer.alloc(MAX_PAYLOAD_BYTES + 1)), FrameError)
    const sizes = [...payloads(Buffer.alloc(2 * MAX_PAYLOAD_BYTES + 5))].map((part) => part.length)
    assert.deepEqual(sizes, [MAX_PAYLOAD_BYTES, MAX_PAYLOAD_BYTES, 5])
  })
})
