import type { Readable } from 'node:stream'
import { failures } from '../../contract/failures.ts'
import type { Git, StreamingGit } from './run.ts'

/** Reads exact numbers of bytes and lines from a stream, without copying where a chunk holds them whole. */
class ByteReader {
  #buffer: Buffer = Buffer.alloc(0)
  readonly #source: AsyncIterator<Buffer>

  constructor(source: Readable) {
    this.#source = source[Symbol.asyncIterator]()
  }

  async #more(): Promise<void> {
    const next = await this.#source.next()
    if (next.done === true) throw failures.gitFailed('cat-file', 'its output ended early')
    this.#buffer = this.#buffer.length === 0 ? next.value : Buffer.concat([this.#buffer, next.value])
  }

  async line(): Promise<string> {
    let end = this.#buffer.indexOf(10)
    while (end < 0) {
      await this.#more()
      end = this.#buffer.indexOf(10)
    }
    const line = this.#buffer.toString('latin1', 0, end)
    this.#buffer = this.#buffer.subarray(end + 1)
    return line
  }

  /** `size` bytes in pieces of at most what has arrived. */
  async *pieces(size: number): AsyncGenerator<Buffer> {
    let left = size
    while (left > 0) {
      if (this.#buffer.length === 0) await this.#more()
      const piece = this.#buffer.subarray(0, left)
      this.#buffer = this.#buffer.subarray(piece.length)
      left -= piece.length
      yield piece
    }
  }

  async bytes(size: number): Promise<Buffer> {
    if (this.#buffer.length >= size) {
      const whole = this.#buffer.subarray(0, size)
      this.#buffer = this.#buffer.subarray(size)
      return whole
    }
    const pieces: Buffer[] = []
    for await (const piece of this.pieces(size)) pieces.push(piece)
    return Buffer.concat(pieces, size)
  }
}

/** Blobs above this are handed on in pieces; smaller ones whole. */
const wholeBytes = 1024 * 1024

export interface BlobContent {
  readonly size: number
  readonly content: Buffer | AsyncIterable<Buffer>
}

/** The raw bytes of many blobs in order, from one `cat-file --batch`. A content must be read before the next. */
export async function* blobContents(git: Git, blobs: readonly string[]): AsyncGenerator<BlobContent> {
  if (blobs.length === 0) return
  const child = git.spawn(['cat-file', '--batch', '--buffer'])
  try {
    child.stdin.on('error', () => {}) // a dying process is reported by its output's end
    child.stdin.end(`${blobs.join('\n')}\n`)
    yield* readBatch(child, blobs)
  } finally {
    child.kill()
    await child.ended
  }
}

async function* readBatch(child: StreamingGit, blobs: readonly string[]): AsyncGenerator<BlobContent> {
  const reader = new ByteReader(child.stdout)
  for (const blob of blobs) {
    const [id, kind, length] = (await reader.line()).split(' ')
    if (id !== blob || kind !== 'blob')
      throw failures.gitFailed('cat-file', `${blob} is ${kind ?? 'missing'}`)
    const size = Number(length)
    yield { size, content: size <= wholeBytes ? await reader.bytes(size) : reader.pieces(size) }
    await reader.bytes(1)
  }
}
