import type { EventBody } from '../contract/events.ts'

/** Hands an event to the log's one writer. Never throws, never waits. */
export type Emit = (event: EventBody) => void

/** Content-addressed bytes of a session: `artifacts/<sha256>`. */
export interface Artifacts {
  put(bytes: Buffer | string): Promise<string>
  get(digest: string): Promise<Buffer>
}
