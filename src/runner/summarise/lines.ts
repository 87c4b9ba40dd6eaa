import { StringDecoder } from 'node:string_decoder'
import { stripVTControlCharacters } from 'node:util'

/** A line longer than this is cut: what names a failure stands at its beginning. Characters. */
const LONGEST_LINE = 4_000
/** Text at hand is cut like a stream, so that both go the same way. Characters. */
const LONGEST_CHUNK = 256 * 1024

/** Takes the lines of a log one by one. */
export interface LineSink {
  /** Called before the lines of a piece of the log, with all of them. */
  readonly chunk?: (text: string) => void
  /** `number` is 1-based. */
  readonly line: (line: string, number: number) => void
}

const TIMESTAMP = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)? /
/** `service-1  | `, as docker compose, and `[0] `, as concurrently, put it before a line. */
const MULTIPLEXER = /^(?:[\w.-]+\s+\| |\[\d+\] |##\[\w+\])/

/** What a piece of a log holds that its lines must be rid of; looked up once a piece, not once a line. */
interface Dirt {
  readonly returns: boolean
  readonly escapes: boolean
  readonly pipes: boolean
}

function dirtOf(text: string): Dirt {
  return { returns: text.includes('\r'), escapes: text.includes('\u001b'), pipes: text.includes('| ') }
}

/** One line without colours, progress that was overwritten, CI timestamps and multiplexer prefixes. */
export function cleanLine(raw: string, dirt: Dirt = dirtOf(raw)): string {
  let line = raw
  if (dirt.returns && line.includes('\r')) line = lastWritten(line)
  if (dirt.escapes && line.includes('\u001b')) line = stripVTControlCharacters(line)
  const first = line.charCodeAt(0)
  if (first === 0x32 /* 2 */ && TIMESTAMP.test(line)) line = line.replace(TIMESTAMP, '')
  const digit = line.charCodeAt(1)
  const numbered = first === 0x5b /* [ */ && digit >= 0x30 && digit <= 0x39
  if (numbered || first === 0x23 /* # */ || dirt.pipes) line = line.replace(MULTIPLEXER, '')
  return line
}

/** What a terminal would show of a line that carriage returns overwrite. */
function lastWritten(line: string): string {
  const end = line.replace(/\r+$/, '')
  return end.slice(end.lastIndexOf('\r') + 1)
}

/** Cuts a stream of chunks into clean lines with memory for one line only. */
export class LineCutter {
  readonly #sink: LineSink
  readonly #decoder = new StringDecoder('utf8')
  #rest = ''
  #number = 0

  constructor(sink: LineSink) {
    this.#sink = sink
  }

  push(chunk: string | Uint8Array): void {
    if (typeof chunk !== 'string')
      this.#cut(this.#decoder.write(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)))
    else
      for (let at = 0; at < chunk.length; at += LONGEST_CHUNK) this.#cut(chunk.slice(at, at + LONGEST_CHUNK))
  }

  end(): void {
    if (this.#rest !== '') this.#cut('\n')
  }

  #cut(piece: string): void {
    const text = this.#rest + piece
    const last = text.lastIndexOf('\n')
    if (last !== -1) this.#lines(text, last)
    const rest = text.slice(last + 1)
    this.#rest = rest.length > 2 * LONGEST_LINE ? rest.slice(0, LONGEST_LINE) : rest
  }

  #lines(text: string, last: number): void {
    this.#sink.chunk?.(text)
    const dirt = dirtOf(text)
    for (let start = 0; start <= last; ) {
      const end = text.indexOf('\n', start)
      const raw = text.slice(start, Math.min(end, start + LONGEST_LINE))
      this.#number += 1
      this.#sink.line(cleanLine(raw, dirt), this.#number)
      start = end + 1
    }
  }
}
