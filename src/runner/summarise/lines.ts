import { StringDecoder } from 'node:string_decoder'
import { stripVTControlCharacters } from 'node:util'

/** A line longer than this is cut: what names a failure stands at its beginning. Characters. */
const LONGEST_LINE = 4_000

/** Takes the lines of a log one by one; `number` is 1-based. */
export type LineSink = (line: string, number: number) => void

const TIMESTAMP = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)? /
/** `service-1  | `, as docker compose, and `[0] `, as concurrently, put it before a line. */
const MULTIPLEXER = /^(?:[\w.-]+\s+\| |\[\d+\] |##\[\w+\])/

/** One line without colours, progress that was overwritten, CI timestamps and multiplexer prefixes. */
export function cleanLine(raw: string): string {
  let line = raw
  if (line.includes('\r'))
    line = line.slice(line.replace(/\r+$/, '').lastIndexOf('\r') + 1).replace(/\r+$/, '')
  if (line.includes('\u001b')) line = stripVTControlCharacters(line)
  const first = line.charCodeAt(0)
  if (first === 0x32 /* 2 */ && TIMESTAMP.test(line)) line = line.replace(TIMESTAMP, '')
  if (!line.startsWith('[ERROR]') && (line.includes(' | ') || first === 0x5b || first === 0x23)) {
    line = line.replace(MULTIPLEXER, '')
  }
  return line
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
    const text =
      this.#rest +
      (typeof chunk === 'string'
        ? chunk
        : this.#decoder.write(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)))
    let start = 0
    for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', start)) {
      this.#emit(text.slice(start, Math.min(end, start + LONGEST_LINE)))
      start = end + 1
    }
    const rest = text.slice(start)
    this.#rest = rest.length > 2 * LONGEST_LINE ? rest.slice(0, LONGEST_LINE) : rest
  }

  end(): void {
    if (this.#rest !== '') this.#emit(this.#rest.slice(0, LONGEST_LINE))
    this.#rest = ''
  }

  #emit(raw: string): void {
    this.#number += 1
    this.#sink(cleanLine(raw), this.#number)
  }
}
