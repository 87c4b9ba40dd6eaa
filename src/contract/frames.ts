import { z } from 'zod'

/**
 * What flows over a container's stdin and stdout: u32 header length, u32 payload length (big
 * endian), a JSON header, raw payload. Both sides refuse anything that is not exactly this.
 */
export const MAX_HEADER_BYTES = 64 * 1024
export const MAX_PAYLOAD_BYTES = 1024 * 1024
/** Bytes of one response that may be on the way before the container says it took them. */
export const RESPONSE_WINDOW_BYTES = 4 * MAX_PAYLOAD_BYTES

const PREFIX_BYTES = 8

const id = z.int().positive()
export const FrameHeaders = z.record(z.string().max(256), z.string().max(32 * 1024))
export type FrameHeaders = z.infer<typeof FrameHeaders>

/** From the container: requests of its HTTP clients, and the output of the relay's child. */
export const ContainerFrame = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('request'),
    /** Strictly increasing. */
    id,
    method: z.string().min(1).max(32),
    target: z
      .string()
      .min(1)
      .max(16 * 1024),
    headers: FrameHeaders,
  }),
  z.strictObject({ type: z.literal('request.body'), id }),
  z.strictObject({ type: z.literal('request.end'), id }),
  /** The client went away. */
  z.strictObject({ type: z.literal('request.abort'), id }),
  /** So many bytes of the response reached the client. */
  z.strictObject({ type: z.literal('response.taken'), id, bytes: z.int().positive() }),
  z.strictObject({ type: z.literal('output') }),
])
export type ContainerFrame = z.infer<typeof ContainerFrame>

/** From the runner: answers. */
export const RunnerFrame = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('response'),
    id,
    status: z.int().min(200).max(599),
    headers: FrameHeaders,
  }),
  z.strictObject({ type: z.literal('response.body'), id }),
  z.strictObject({ type: z.literal('response.end'), id }),
  /** The answer broke off. */
  z.strictObject({ type: z.literal('response.abort'), id }),
])
export type RunnerFrame = z.infer<typeof RunnerFrame>

/** A frame that breaks the protocol; `cut` where the stream ended inside one. */
export class FrameError extends Error {
  readonly cut: boolean

  constructor(message: string, cut = false) {
    super(message)
    this.name = 'FrameError'
    this.cut = cut
  }
}

const NOTHING = Buffer.alloc(0)

export function encodeFrame(header: ContainerFrame | RunnerFrame, payload: Buffer = NOTHING): Buffer {
  const json = Buffer.from(JSON.stringify(header))
  if (json.length > MAX_HEADER_BYTES) throw new FrameError('header too long')
  if (payload.length > MAX_PAYLOAD_BYTES) throw new FrameError('payload too long')
  const prefix = Buffer.alloc(PREFIX_BYTES)
  prefix.writeUInt32BE(json.length, 0)
  prefix.writeUInt32BE(payload.length, 4)
  return Buffer.concat([prefix, json, payload])
}

/** Cuts a body into payloads of a legal size. */
export function* payloads(body: Buffer): Generator<Buffer> {
  for (let at = 0; at < body.length; at += MAX_PAYLOAD_BYTES) {
    yield body.subarray(at, at + MAX_PAYLOAD_BYTES)
  }
}

export interface ReceivedFrame<Header> {
  readonly header: Header
  readonly payload: Buffer
}

/** Reads frames until the stream ends; throws FrameError at the first byte that does not fit. */
export async function* readFrames<Header>(
  source: AsyncIterable<Buffer>,
  schema: z.ZodType<Header>,
): AsyncGenerator<ReceivedFrame<Header>> {
  const bytes = createByteReader(source)
  for (;;) {
    const prefix = await bytes.read(PREFIX_BYTES)
    if (prefix.length === 0) return
    if (prefix.length < PREFIX_BYTES) throw new FrameError('stream ended inside a frame', true)
    const headerBytes = prefix.readUInt32BE(0)
    const payloadBytes = prefix.readUInt32BE(4)
    if (headerBytes > MAX_HEADER_BYTES) throw new FrameError('header too long')
    if (payloadBytes > MAX_PAYLOAD_BYTES) throw new FrameError('payload too long')
    const header = await bytes.read(headerBytes)
    const payload = await bytes.read(payloadBytes)
    if (header.length < headerBytes || payload.length < payloadBytes) {
      throw new FrameError('stream ended inside a frame', true)
    }
    yield { header: parseHeader(header, schema), payload }
  }
}

function parseHeader<Header>(bytes: Buffer, schema: z.ZodType<Header>): Header {
  let value: unknown
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    throw new FrameError('header is not JSON')
  }
  const parsed = schema.safeParse(value)
  if (!parsed.success) throw new FrameError(`unexpected header: ${parsed.error.issues[0]?.message ?? ''}`)
  return parsed.data
}

interface ByteReader {
  /** Exactly so many bytes, or fewer where the stream ended. */
  read(count: number): Promise<Buffer>
}

function createByteReader(source: AsyncIterable<Buffer>): ByteReader {
  const iterator = source[Symbol.asyncIterator]()
  let rest: Buffer = NOTHING
  return {
    async read(count) {
      if (rest.length >= count) {
        const found = rest.subarray(0, count)
        rest = rest.subarray(count)
        return found
      }
      const parts: Buffer[] = [rest]
      let missing = count - rest.length
      rest = NOTHING
      while (missing > 0) {
        const next = await iterator.next()
        if (next.done) break
        const chunk = next.value
        parts.push(chunk.subarray(0, missing))
        rest = chunk.subarray(Math.min(missing, chunk.length))
        missing -= Math.min(missing, chunk.length)
      }
      return Buffer.concat(parts)
    },
  }
}
