import type { Container, Exit } from './sandbox.ts'

/** One HTTP request as the relay in the container saw it, bounded and without hop-by-hop headers. */
export interface RelayRequest {
  readonly method: string
  /** Origin form as sent: path and query, unparsed. */
  readonly target: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

export interface RelayResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer | AsyncIterable<Buffer>
}

/** Answers one request; the signal fires when the client in the container went away or the run ends. */
export type RelayHandler = (request: RelayRequest, signal: AbortSignal) => Promise<RelayResponse>

export interface RelayLimits {
  /** Largest request body, bytes. */
  readonly maxRequestBytes: number
  /** Captured output of the relay's child, bytes. */
  readonly maxOutputBytes: number
  readonly maxConcurrent: number
}

export interface RelayEnd extends Exit {
  /** Output of the command that the relay started (install) or the engine's stderr (agent). */
  readonly output: Buffer
  readonly truncated: boolean
}

/** Pumps frames between a container's stdio and the handler until the container exits. */
export type ServeRelay = (
  container: Container,
  handler: RelayHandler,
  limits: RelayLimits,
  signal: AbortSignal,
  onOutput?: (chunk: Buffer) => void,
) => Promise<RelayEnd>
