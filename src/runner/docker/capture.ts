/** Keeps the head and the tail of a stream of bytes; memory stays flat however much comes. */
export interface Capture {
  add(chunk: Buffer): void
  /** What was kept, with a line in between that says how much was left out. */
  result(): { readonly output: Buffer; readonly truncated: boolean }
}

export function createCapture(maxBytes: number): Capture {
  const half = Math.floor(maxBytes / 2)
  const head: Buffer[] = []
  const tail: Buffer[] = []
  let headBytes = 0
  let tailBytes = 0
  let total = 0

  const keepTail = (chunk: Buffer) => {
    tail.push(chunk)
    tailBytes += chunk.length
    while (tailBytes - (tail[0]?.length ?? 0) >= half) tailBytes -= tail.shift()?.length ?? 0
  }
  return {
    add(chunk) {
      total += chunk.length
      const room = Math.min(half - headBytes, chunk.length)
      // Copies, so that a small piece does not keep the whole of a large buffer alive.
      if (room > 0) head.push(Buffer.from(chunk.subarray(0, room)))
      headBytes += Math.max(room, 0)
      if (chunk.length > room) keepTail(Buffer.from(chunk.subarray(Math.max(room, 0))))
    },
    result() {
      const end = Buffer.concat(tail)
      const kept = end.subarray(Math.max(0, end.length - half))
      const omitted = total - headBytes - kept.length
      const gap = omitted > 0 ? [Buffer.from(`\n… ${omitted} bytes left out …\n`)] : []
      return { output: Buffer.concat([...head, ...gap, kept]), truncated: omitted > 0 }
    },
  }
}
