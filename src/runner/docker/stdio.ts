import { PassThrough, type Readable, type Writable } from 'node:stream'

const HEADER_BYTES = 8
const MAX_UNREAD_STDERR = 1024 * 1024

export type StdioSink = (stream: 'stdout' | 'stderr', chunk: Buffer) => void | Promise<void>

/**
 * Splits the engine's multiplexed attach stream: 8 bytes of header (stream number, three zeros,
 * u32 length), then the payload. Waits for the sink, so a slow reader slows the container down.
 */
export async function demultiplex(source: Readable, sink: StdioSink): Promise<void> {
  let header = Buffer.alloc(0)
  let stream: 'stdout' | 'stderr' = 'stdout'
  let left = 0
  for await (const piece of source) {
    let rest = piece as Buffer
    while (rest.length > 0) {
      if (left === 0) {
        const need = HEADER_BYTES - header.length
        header = Buffer.concat([header, rest.subarray(0, need)])
        rest = rest.subarray(need)
        if (header.length < HEADER_BYTES) break
        stream = header[0] === 2 ? 'stderr' : 'stdout'
        left = header.readUInt32BE(4)
        header = Buffer.alloc(0)
        continue
      }
      const payload = rest.subarray(0, left)
      left -= payload.length
      rest = rest.subarray(payload.length)
      await sink(stream, payload)
    }
  }
}

/** Settles when the stream takes more, or never will again. */
export function drained(stream: Writable): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      for (const event of ['drain', 'close', 'error']) stream.off(event, done)
      resolve()
    }
    for (const event of ['drain', 'close', 'error']) stream.on(event, done)
    if (stream.destroyed) done()
  })
}

export interface Stdio {
  readonly stdout: PassThrough
  readonly stderr: PassThrough
  readonly sink: StdioSink
  readonly end: () => void
}

/** Output of PID 1 as two streams: stdout waits for its reader, stderr drops what nobody reads. */
export function createStdio(): Stdio {
  const stdout = new PassThrough()
  const stderr = new PassThrough()
  return {
    stdout,
    stderr,
    async sink(stream, chunk) {
      if (stream === 'stderr') {
        if (stderr.readableLength < MAX_UNREAD_STDERR && !stderr.destroyed) stderr.write(chunk)
        return
      }
      if (stdout.destroyed || stdout.write(chunk)) return
      await drained(stdout)
    },
    end() {
      stdout.end()
      stderr.end()
    },
  }
}
