import type { Recogniser } from '../../../summarise/finding.ts'
import { type Found, sectionOf } from '../../../summarise/section.ts'
import { Blocks } from './tests.ts'

const FAIL = /^FAIL (?:(?:\S+ )*?)?(\S+\.[cm]?[jt]sx?)(?: \([\d.]+ m?s\))?$/
const BULLET = /^ {2}● (.+)$/
const STOP =
  /^(?:PASS |Test Suites: |Summary of all failing tests|Snapshot Summary|Ran all test suites|npm (?:error|ERR!))/
/** `SyntaxError: /w/src/a.js: Unexpected token (3:4)`, as transformers say it. */
const SYNTAX = /(?:SyntaxError: )?([^\s:]+\.[cm]?[jt]sx?): .*\((\d+):(\d+)\)/

/** jest's console reporter. */
export function jest(): Recogniser {
  const blocks = new Blocks()
  let file: string | undefined
  return {
    needles: ['FAIL', '● '],
    busy: () => blocks.open,
    line(line, number) {
      const first = line.charCodeAt(0)
      if (first === 0x46 /* F */ && line.startsWith('FAIL ')) {
        const match = FAIL.exec(line)
        if (match === null) return
        file = match[1]?.replace(/^\.\//, '')
        blocks.stop()
      } else if (file === undefined) return
      else if (STOP.test(line)) blocks.stop()
      else if (first === 0x20 && line.startsWith('  ● ')) {
        const name = BULLET.exec(line)?.[1] ?? ''
        if (name === 'Console' || name.startsWith('Cannot log after')) blocks.stop()
        else blocks.start(name === 'Test suite failed to run' ? undefined : name, file, number)
      } else blocks.push(line)
    },
    end: () => sectionOf('TEST_FAILURE', 'jest', 'failure', blocks.findings().map(placed)),
  }
}

/** A file that could not be transformed names its place in the message. */
function placed({ finding, number }: Found): Found {
  const match = finding.failure.line === undefined ? SYNTAX.exec(finding.failure.message) : null
  if (match === null) return { finding, number }
  const failure = {
    ...finding.failure,
    file: match[1] ?? '',
    line: Number(match[2]),
    column: Number(match[3]) + 1,
  }
  return { finding: { ...finding, failure }, number }
}
