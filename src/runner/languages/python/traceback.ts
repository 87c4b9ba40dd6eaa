import type { FindingList } from '../../summarise/finding.ts'

const TRACEBACK = /^\s*Traceback \(most recent call last\):/
const FRAME = /^\s*File "([^"]+)", line (\d+)/
const ERROR = /^\s{0,2}([A-Za-z_][\w.]*(?:Error|Exception|Exit|Interrupt|Warning)\b.*)$/

/** Remembers the innermost frame of a traceback until its error comes. */
export class Traceback {
  readonly #list: FindingList
  #frame: RegExpExecArray | null = null
  open = false

  constructor(list: FindingList) {
    this.#list = list
  }

  line(line: string, number: number): void {
    if (!this.open) {
      this.open = line.includes('Traceback (') && TRACEBACK.test(line)
      return
    }
    const next = FRAME.exec(line)
    this.#frame = next ?? this.#frame
    const error = next === null ? ERROR.exec(line)?.[1] : undefined
    if (error === undefined) return
    const place = this.#frame?.[1] === undefined ? {} : { file: this.#frame[1], line: Number(this.#frame[2]) }
    this.#list.add({ failure: { ...place, message: error } }, number)
    this.open = false
  }
}
