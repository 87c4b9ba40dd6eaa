import { http } from './builtin.ts'

export interface Answer {
  readonly status: number
  readonly body: string
}

/** Asks the runner: by HTTP through the relay, or through a channel of this process's own. */
export type Ask = (
  method: 'GET' | 'POST',
  target: string,
  body: string | undefined,
  timeoutMs: number,
  signal: AbortSignal,
) => Promise<Answer>

/**
 * Asks the relay on loopback. Node's own fetch gives up on an answer that takes longer than five minutes, which a model
 * or a verification may.
 */
export function ask(
  method: 'GET' | 'POST',
  url: string,
  body: string | undefined,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const headers = body === undefined ? {} : { 'content-type': 'application/json' }
    const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)])
    const sent = http().request(url, { method, headers, signal: limit }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.once('error', reject)
      response.once('end', () => {
        resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') })
      })
    })
    sent.once('error', reject)
    sent.end(body)
  })
}

export function post(url: string, body: string, timeoutMs: number, signal: AbortSignal): Promise<Answer> {
  return ask('POST', url, body, timeoutMs, signal)
}
