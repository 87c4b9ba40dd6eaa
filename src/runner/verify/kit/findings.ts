/** A test whose expectation the patch rewrote to what the library gives. */
export interface Rewritten {
  readonly test: string
  readonly expected: string
  readonly now: string
  readonly actual: string
  /** The run that gives it. */
  readonly by: string
}

/** What the steps and tests of one run come to. */
export interface Findings {
  readonly explained: string[]
  readonly objections: string[]
  readonly failures: string[]
  readonly rewritten: Rewritten[]
}
