import type { Recogniser } from './finding.ts'
import type { LineSink } from './lines.ts'

/** Lines that a recogniser gets to see again when it wakes up: a heading may stand in the piece before. */
const REPLAYED = 8

/**
 * Gives lines only to the recognisers that may care: those in the middle of something, and those one of whose
 * needles is in the piece of the log at hand. A search for a needle costs a tenth of a call a line.
 */
export class Gate implements LineSink {
  readonly #recognisers: readonly Recogniser[]
  #awake: readonly Recogniser[] = []
  #before: { readonly line: string; readonly number: number }[] = []

  constructor(recognisers: readonly Recogniser[]) {
    this.#recognisers = recognisers
  }

  /** `text` is the piece as it came, colours included. */
  chunk(text: string): void {
    const awake = this.#recognisers.filter(
      (each) => each.busy() || each.needles.some((needle) => text.includes(needle)),
    )
    for (const each of awake) {
      if (this.#awake.includes(each)) continue
      for (const { line, number } of this.#before.slice(-REPLAYED)) each.line(line, number)
    }
    this.#awake = awake
  }

  line(line: string, number: number): void {
    this.#before.push({ line, number })
    if (this.#before.length > 8 * REPLAYED) this.#before = this.#before.slice(-REPLAYED)
    for (const each of this.#awake) each.line(line, number)
  }
}
