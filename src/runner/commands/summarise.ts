import { createReadStream } from 'node:fs'
import { pipeline, Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { failures } from '../../contract/failures.ts'
import type { Summary } from '../../contract/report.ts'
import { type LogTool, summarise } from '../ecosystems/summarise.ts'
import { fileTrouble } from '../fileTrouble.ts'

export interface SummariseRequest {
  /** A path, `-` for standard input; what is compressed with gzip is unpacked. */
  readonly file: string
  readonly tool: LogTool
  readonly json: boolean
  readonly stdin: AsyncIterable<string | Uint8Array>
  readonly stdout: { write(text: string): unknown }
}

/** `drydock summarise`: what failed in a log and why. Throws `bad-log` where it cannot be read. */
export async function runSummarise(request: SummariseRequest): Promise<Summary> {
  const { file, tool, json, stdin, stdout } = request
  const source = file === '-' ? stdin : createReadStream(file)
  const summary = await summarise(tool, unpacked(source)).catch((error: unknown) => {
    throw failures.unreadableLog(file, fileTrouble(error))
  })
  stdout.write(json ? `${JSON.stringify(summary, null, 2)}\n` : `${summary.category}\n${summary.text}\n`)
  return summary
}

/** Chunks as they come, unpacked where the first two bytes are gzip's (RFC 1952, 2.3.1). */
async function* unpacked(source: AsyncIterable<string | Uint8Array>): AsyncIterable<string | Uint8Array> {
  const chunks = source[Symbol.asyncIterator]()
  const first = await chunks.next()
  if (first.done === true) return
  const rest = rejoined(first.value, chunks)
  if (typeof first.value === 'string' || first.value[0] !== 0x1f || first.value[1] !== 0x8b) yield* rest
  else yield* gunzipped(rest)
}

function gunzipped(chunks: AsyncIterable<string | Uint8Array>): AsyncIterable<Uint8Array> {
  const gunzip = createGunzip()
  // What goes wrong reaches the reader of the last stream, who throws it.
  pipeline(Readable.from(chunks, { objectMode: false }), gunzip, () => {})
  return gunzip
}

async function* rejoined(
  first: string | Uint8Array,
  chunks: AsyncIterator<string | Uint8Array>,
): AsyncGenerator<string | Uint8Array> {
  yield first
  for (let next = await chunks.next(); next.done !== true; next = await chunks.next()) yield next.value
}
