import type { Recogniser } from '../../../summarise/finding.ts'
import { sectionOf } from '../../../summarise/section.ts'
import { LostFiles } from './avaFiles.ts'
import { Blocks, testName } from './tests.ts'

/** `✖ title message` until ava 3, `✘ [fail]: title message` since. */
const FAIL = /^(?:\s*✘ \[(?:fail|unexpected pass)\]: | {2}✖ )(\S.*)$/
/** Behind it come the blocks: the counts until ava 2, a rule since. */
const HEAD = /^ {2}(?:─|\d+ tests? failed)$/
const PLACE = /^ {2}(\S+\.[cm]?[jt]sx?):(\d+)$/
/** `› fail.js:4:29`, `› file:///a.js:4:29`, `› title (fail.js:4:29)`. */
const FRAME = /^ {2}› (?:.*\()?(?:file:\/\/)?([^()]+:\d+:\d+)\)?$/
/** Lines of code, and what is said before every difference and every error. */
const BARE =
  /^ {2,4}\d+: |^ {2}(?:Difference\b|Error thrown in test|Rejected promise returned by test|Callback called with an error)/
/** An error as an object: `TypeError {`, and in the next line `message: 'boom',`. */
const OBJECT = /^ {2}(\w*(?:Error|Exception)) \{$/
const MESSAGE = /^ {4}message: ['"`](.*)['"`],$/
const MOST_NAMES = 600

/** ava's console reporter: names first, then a block for each. */
export function ava(): Recogniser {
  const tests = new FailedTests()
  const files = new LostFiles()
  return {
    needles: ['✘', '✖', 'Uncaught exception in', 'Unhandled rejection in'],
    busy: () => tests.open || files.open,
    line(line, number) {
      if (!files.line(line, number)) tests.line(line, number)
    },
    end: () => sectionOf('TEST_FAILURE', 'ava', 'failure', [...files.end(), ...tests.end()]),
  }
}

/** Tests that failed, by name and then by block. */
class FailedTests {
  /** Those without a block yet, in the order in which their blocks come, each with the first words of its failure. */
  #names: string[] = []
  readonly #blocks = new Blocks()
  #inBlocks = false
  #afterGap = false
  #object: string | undefined

  get open(): boolean {
    return this.#blocks.open || this.#names.length > 0
  }

  line(line: string, number: number): void {
    const name = FAIL.exec(line)?.[1]
    if (name !== undefined) this.#named(name.trim())
    else if (HEAD.test(line)) this.#head()
    else if (this.#inBlocks) this.#body(line, number)
    this.#afterGap = line.trim() === ''
  }

  end() {
    return this.#blocks.findings()
  }

  #named(name: string): void {
    this.#inBlocks = false
    this.#blocks.stop()
    if (this.#names.length < MOST_NAMES) this.#names.push(name)
  }

  #head(): void {
    this.#inBlocks = true
    this.#blocks.stop()
  }

  #body(line: string, number: number): void {
    const [, file, at] = PLACE.exec(line) ?? []
    const frame = FRAME.exec(line)?.[1]
    if (this.#takes(line)) this.#blocks.start(testName(line.split(' › ')), undefined, number)
    else if (file !== undefined) this.#blocks.push(`    at ${file}:${at}:1`)
    else if (frame !== undefined) this.#blocks.push(`    at ${frame}`)
    // ava indents all that it says; whoever speaks now is another.
    else if (/^(?! {2})\s*\S/.test(line)) this.#blocks.stop()
    else if (!BARE.test(line) && !OBJECT.test(line)) this.#blocks.push(this.#told(line))
    this.#object = OBJECT.exec(line)?.[1]
  }

  /** The message of an error's object as the error is said elsewhere, so that unlike errors do not look alike. */
  #told(line: string): string {
    const message = this.#object === undefined ? undefined : MESSAGE.exec(line)?.[1]
    return message === undefined ? line : `  ${this.#object}: ${message}`
  }

  /** Whether a line is the title of a block that is still to come. */
  #takes(line: string): boolean {
    if (!this.#afterGap || !/^ {2}\S/.test(line)) return false
    const title = line.trim()
    const exact = this.#names.indexOf(title)
    const index = exact === -1 && this.#names[0]?.startsWith(`${title} `) ? 0 : exact
    if (index === -1) return false
    this.#names.splice(index, 1)
    return true
  }
}
