import { Readable } from 'node:stream'
import type { RelayResponse } from '../docker/relay.ts'
import { type Held, sizeOf, streamOf } from './held.ts'
import type { Refusal } from './refusal.ts'

/** What the broker answers with. */
export interface Answer {
  readonly contentType: string
  /** A stream where it only passes through. */
  readonly body: Held | Readable
  readonly headers?: Readonly<Record<string, string>>
  /** Told how many bytes went into the container. */
  readonly served?: (bytes: number) => void
}

/** `note` is told what an answer that has begun breaks off with. */
export function responseOf(answer: Answer, note: (error: unknown) => void): RelayResponse {
  const { body, served = () => {} } = answer
  if (body instanceof Readable)
    return { status: 200, headers: headersOf(answer), body: passing(body, answer, note) }
  served(sizeOf(body))
  const sent = Buffer.isBuffer(body) ? body : passing(body, {}, note)
  return { status: 200, headers: headersOf(answer), body: sent }
}

/** The same without what was asked for. */
export function headOf(answer: Answer): RelayResponse {
  if (answer.body instanceof Readable) answer.body.destroy()
  else answer.served?.(sizeOf(answer.body))
  return { status: 200, headers: headersOf(answer), body: Buffer.alloc(0) }
}

function headersOf({ contentType, body, headers }: Answer): Readonly<Record<string, string>> {
  const size = body instanceof Readable ? {} : { 'content-length': String(sizeOf(body)) }
  return { 'content-type': contentType, ...size, ...headers }
}

/** Not opened before somebody reads. */
async function* passing(
  body: Exclude<Answer['body'], Buffer>,
  { served }: Pick<Answer, 'served'>,
  note: (error: unknown) => void,
): AsyncGenerator<Buffer> {
  let bytes = 0
  try {
    for await (const chunk of streamOf(body) as AsyncIterable<Buffer>) {
      bytes += chunk.length
      yield chunk
    }
    served?.(bytes)
  } catch (error) {
    note(error)
    throw error
  }
}

export function refusalResponse(refusal: Refusal): RelayResponse {
  const body = Buffer.from(JSON.stringify({ error: `${refusal.failure.message} ${refusal.failure.next}` }))
  const headers = { 'content-type': 'application/json', 'content-length': String(body.length) }
  return { status: refusal.status, headers, body }
}
