import type { Finding } from '../../../summarise/finding.ts'
import type { Found } from '../../../summarise/section.ts'
import { Printed } from './printed.ts'
import { testName } from './tests.ts'

/** A file that could not be loaded, and everything that comes of it. */
const LOST = /^ {2}(?:Uncaught exception|Unhandled rejection) in (\S.*)$/
/** What ends that: another test or file, or the rule at the end. */
const NEXT = /^ {2}(?:[✘✖] |─$)/
const ENDED = /^ {2}[✘✖] (\S.*?) (exited with a non-zero exit code: \d+|exited due to \w+)$/
const EMPTY =
  /^ {2}[✘✖] ((?:No tests found in|Test results were not received from|Exiting due to process\.exit\(\) when running) (\S+?\.[cm]?[jt]sx?)\b.*)$/
/** `Exited because no new tests …` until ava 0.25. */
const STOPPED =
  /^ {2}[✘✖] (Timed out while running tests|Exited because no new tests completed.*|Couldn.t find any files to test.*)$/
const PENDING = /^ {2}\d+ tests? (?:was|were) pending in (\S.*)$/
const HUNG = /^ {2}◌ (\S.*)$/

/** What ava says of whole files: those that threw, ended or had no test, and the tests that hung in them. */
export class LostFiles {
  readonly #found: Found[] = []
  readonly #printed = new Printed()
  readonly #told = new Set<string>()
  #file: string | undefined
  #stopped: Found | undefined
  #pending: string | undefined

  get open(): boolean {
    return this.#file !== undefined || this.#stopped !== undefined
  }

  /** Whether the line was one of them. */
  line(line: string, number: number): boolean {
    const next = line.startsWith('  Un') ? LOST.exec(line)?.[1] : undefined
    if (this.#file !== undefined && (next !== undefined || NEXT.test(line))) this.#close(number)
    if (next !== undefined) {
      this.#file = next
      this.#printed.clear()
      return true
    }
    if (this.#file === undefined) return this.#sentence(line, number) || this.#hung(line, number)
    this.#printed.push(line.replace(/^ {2}/, ''), number)
    return true
  }

  end(): readonly Found[] {
    this.#close(0)
    this.#endStop()
    return this.#found
  }

  #close(number: number): void {
    const finding = this.#file === undefined ? undefined : this.#printed.take(this.#file)
    if (finding !== undefined && this.#file !== undefined) this.#tell(this.#file, finding, number)
    this.#file = undefined
  }

  #tell(file: string, finding: Finding, number: number): void {
    this.#told.add(file)
    this.#found.push({ finding, number })
  }

  #sentence(line: string, number: number): boolean {
    const stopped = STOPPED.exec(line)?.[1]
    if (stopped !== undefined) {
      this.#endStop()
      this.#stopped = { finding: { failure: { message: stopped } }, number }
      return true
    }
    const [, ended, how] = ENDED.exec(line) ?? []
    const [, empty, which] = EMPTY.exec(line) ?? []
    const file = ended ?? which
    const message = how ?? empty
    if (file === undefined || message === undefined) return false
    // That a file ended is a consequence of what is already told of it.
    if (!this.#told.has(file)) this.#tell(file, { failure: { file, test: file, message } }, number)
    return true
  }

  /** A test that had not ended when time was up. */
  #hung(line: string, number: number): boolean {
    if (this.#stopped === undefined) return false
    const file = PENDING.exec(line)?.[1]
    if (file !== undefined) this.#pending = file
    const title = HUNG.exec(line)?.[1]
    if (title === undefined || this.#pending === undefined) return file !== undefined
    const { message } = this.#stopped.finding.failure
    const failure = { file: this.#pending, test: testName(title.split(' › ')), message }
    this.#found.push({ finding: { failure, cause: message }, number })
    return true
  }

  /** That time was up is told by itself where no test is named for it. */
  #endStop(): void {
    if (this.#stopped !== undefined && this.#pending === undefined) this.#found.push(this.#stopped)
    this.#stopped = undefined
    this.#pending = undefined
  }
}
