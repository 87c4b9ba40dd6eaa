import { javaFile, javaFrame, packagePrefix } from '../../../languages/java/frames.ts'
import { count, type Finding, FindingList, type Section, weights } from '../../../summarise/finding.ts'
import type { MavenLine, MavenPart } from './log.ts'
import { baseMethod, entryOf, type NamedTest, simpleClass, testOf } from './testNames.ts'

const RUNNING = /^Running ([\w.$]+)/
const HEADER = /^Tests run: \d+, Failures: \d+.*?<<< (?:FAILURE|ERROR)!(?: -{1,2} in (\S+))?/
const TEST = /^(\S.*?)\s+(?:-- )?Time elapsed: [\d.,]+ s(?:ec)?\s+<<< (?:FAILURE|ERROR)!/
const RESULTS = /^Results ?:\s*$/
const HEADING = /^(Failed tests|Tests in error|Failures|Errors|Flakes|Flaked tests):\s*(.*)$/
const TOTAL = /^Tests run: (\d+), Failures: (\d+), Errors: (\d+)/
const RUNNERS = /surefire|failsafe/
const THROWN = /^(?:Caused by: |Exception in thread .* )?(?:[a-z]\w*\.)+[A-Z][\w$]*(?:Exception|Error)\b/
const MOST_LINES = 150
/** Of a long trace what follows is its causes alone: the last one is what happened. */
const MOST_CAUSES = 20

interface Failing {
  readonly test: NamedTest
  readonly lines: string[]
  readonly number: number
}

/** Failing tests of surefire and failsafe: from their own lines, and from the closing results for the rest. */
export class SurefireTests implements MavenPart {
  #class = ''
  #failing: Failing[] = []
  readonly #summed: Failing[] = []
  readonly #flaky = new Set<string>()
  #open: Failing | undefined
  #results: 'no' | 'failed' | 'flaky' | 'start' = 'no'

  #run = 0
  #thrown: string[] = []

  /** Exceptions that the test goal printed outside of tests; they tell why its runner broke. */
  get thrown(): readonly string[] {
    return this.#thrown
  }

  line(line: MavenLine): void {
    const { level, text, number, mojo } = line
    if (mojo !== undefined && mojo.run !== this.#run && RUNNERS.test(mojo.plugin)) {
      this.#run = mojo.run
      this.#thrown = []
    }
    if (mojo?.run === this.#run && level !== 'INFO' && this.#thrown.length < 8 && THROWN.test(text)) {
      if (!this.#thrown.includes(text)) this.#thrown.push(text)
    }
    if (level === 'INFO') {
      this.#info(text)
      return
    }
    if (this.#results !== 'no') this.#result(text, number)
    else if (level === undefined || level === 'ERROR') this.#test(text, number)
  }

  #info(text: string): void {
    const running = RUNNING.exec(text)
    if (running !== null) this.#class = running[1] ?? ''
    if (text !== '' || this.#results === 'no') this.#open = undefined
    if (RESULTS.test(text)) this.#results = 'start'
    else if (text.startsWith('---')) this.#results = 'no'
  }

  #test(text: string, number: number): void {
    const first = text.charCodeAt(0)
    if (first === 0x52 /* R */ && RESULTS.test(text)) {
      this.#results = 'start'
      this.#open = undefined
      return
    }
    const running = first === 0x52 ? RUNNING.exec(text) : null
    if (running !== null) {
      this.#class = running[1] ?? ''
      this.#open = undefined
    } else if (text.includes('<<< ')) this.#marked(text, number)
    else if (this.#open !== undefined) this.#told(this.#open, text)
  }

  #told({ lines }: Failing, text: string): void {
    const most = text.startsWith('Caused by: ') ? MOST_LINES + MOST_CAUSES : MOST_LINES
    if (lines.length < most) lines.push(text)
  }

  #marked(text: string, number: number): void {
    const header = HEADER.exec(text)
    if (header !== null) {
      this.#class = header[1] ?? this.#class
      this.#open = undefined
      return
    }
    const name = TEST.exec(text)?.[1]
    if (name === undefined) return
    this.#open = { test: testOf(name, this.#class), lines: [], number }
    if (this.#failing.length < 600) this.#failing.push(this.#open)
  }

  #result(text: string, number: number): void {
    const heading = HEADING.exec(text.trim())
    if (TOTAL.test(text) || text.startsWith('Failed to execute goal')) {
      this.#results = 'no'
      this.#open = undefined
    } else if (heading !== null) {
      this.#results = heading[1]?.startsWith('Fla') ? 'flaky' : 'failed'
      if (heading[2]) this.#entry(heading[2], number)
    } else if (/^ {2}\S/.test(text) && this.#results !== 'start') this.#entry(text.trim(), number)
    else if (this.#results === 'flaky' && /^\S+\.\S+$/.test(text)) this.#flaky.add(text)
    else if (/^[\w$]+(?:\.[\w$]+)+$/.test(text) && this.#results === 'failed') this.#entry(text, number)
    else if (this.#open !== undefined && this.#open.lines.length < 8) this.#open.lines.push(text)
  }

  #entry(text: string, number: number): void {
    if (this.#results === 'flaky') {
      this.#flaky.add(text)
      return
    }
    const { test, message } = entryOf(text)
    if (test === undefined) {
      this.#open?.lines.push(text)
      return
    }
    this.#open = { test, lines: message === '' ? [] : [message], number }
    if (this.#summed.length < 600) this.#summed.push(this.#open)
  }

  section(): Section | undefined {
    const list = new FindingList()
    const flaky = [...this.#flaky]
    const own = this.#failing
      .filter(({ test }) => !flaky.some((name) => name.endsWith(`${simpleClass(test.class)}.${test.method}`)))
      .map(precise)
    const others = this.#summed.filter((failing) => !own.some((each) => same(each.test, failing.test)))
    for (const failing of [...own, ...others]) list.add(findingOf(failing), failing.number)
    if (list.size === 0) return undefined
    const classes = new Set([...own, ...others].map(({ test }) => test.class))
    return {
      category: 'TEST_FAILURE',
      title: `${count(list.size, 'test')} failed in ${count(classes.size, 'class', 'classes')}`,
      weight: weights.specific,
      firstLine: list.firstLine,
      findings: list.values(),
      dropped: list.dropped,
    }
  }
}

/** Whether an entry of the results, which may be shortened, means a test that has its own lines. */
function same(own: NamedTest, summed: NamedTest): boolean {
  const classes = [summed.class, summed.outer ?? summed.class].map(simpleClass)
  if (!classes.includes(simpleClass(own.class))) return false
  if (summed.method === '<init>') return true
  if (own.method === undefined || summed.method === undefined) return own.method === summed.method
  return baseMethod(own.method) === baseMethod(summed.method) || own.method.startsWith(summed.method)
}

/** The class that the frames name: a nested one where the header named only the outer. */
function precise({ test, lines, number }: Failing): Failing {
  const method = baseMethod(test.method ?? '')
  const prefix = `${test.class}$`
  const frame = lines.flatMap((line) => javaFrame(line) ?? []).find((each) => each.method.startsWith(prefix))
  const owner = frame?.method.slice(0, frame.method.lastIndexOf('.'))
  if (frame === undefined || owner === undefined || !/^[A-Z]/.test(owner.slice(prefix.length)))
    return { test, lines, number }
  return frame.method === `${owner}.${method}`
    ? { test: { ...test, class: owner }, lines, number }
    : { test, lines, number }
}

function findingOf({ test, lines }: Failing): Finding {
  const name = [test.class.replaceAll('$', '.'), ...(test.method === undefined ? [] : [test.method])].join(
    '.',
  )
  const prefix = packagePrefix(test.class)
  const told = lines.filter((line) => line.trim() !== '' && !/^\s*(?:at |\.\.\. \d+ )/.test(line))
  const causes = told.filter((line) => line.startsWith('Caused by: '))
  const head = told.slice(0, told.findIndex((line) => line.startsWith('Caused by: ')) >>> 0)
  const frames = lines
    .flatMap((line) => javaFrame(line) ?? [])
    .filter(({ method }) => prefix !== '' && method.startsWith(prefix))
  const inTest = frames.find(({ method }) => method.startsWith(test.class))
  const place = inTest === undefined ? {} : { file: javaFile(inTest), line: inTest.line }
  const thrown =
    head.slice(0, /:\s*$/.test(head[0] ?? '') || head.length < 4 ? 6 : 3).join('\n') ||
    'failed without a message'
  const root = causes.at(-1)?.slice(0, 300)
  const message = root === undefined ? thrown : `${thrown}\n${root}`
  const at = [...new Set(frames.map((frame) => `at ${frame.method}:${frame.line}`))].slice(0, 3)
  return {
    failure: { ...place, test: name, message },
    cause: groupingLine(head, test.line === undefined ? '' : `line ${test.line}`),
    detail: [...head.slice(1, 8), ...causes.slice(-2).map((line) => line.slice(0, 300)), ...at],
  }
}

/** First line of the message, with what differs from run to run taken out. */
function groupingLine(head: readonly string[], otherwise: string): string {
  const line = head[0]?.trim() || otherwise || 'failed without a message'
  return line.replace(/@[0-9a-f]{5,}\b/g, '@…')
}
