import type { Recogniser } from '../../../summarise/finding.ts'
import { sectionOf } from '../../../summarise/section.ts'
import { Blocks, testName } from './tests.ts'

const FAIL = /^ FAIL {2}(?:\|[^|]+\| |\S+ (?=\S+\.[cm]?[jt]sx?(?: |$)))?(\S+)(?: \[ .* \]| > (.*))?$/
const UNHANDLED = /^⎯+ (?:Unhandled Rejection|Uncaught Exception|Unhandled Error|Startup Error) ⎯+$/

/** vitest's console reporters. */
export function vitest(): Recogniser {
  const blocks = new Blocks()
  return {
    needles: ['FAIL', '⎯'],
    busy: () => blocks.open,
    line(line, number) {
      const first = line.charCodeAt(0)
      if (first === 0x20 && line.startsWith(' FAIL  ')) {
        const match = FAIL.exec(line)
        if (match !== null)
          blocks.start(match[2] === undefined ? undefined : testName(match[2].split(' > ')), match[1], number)
      } else if (first === 0x23af /* ⎯ */) {
        if (UNHANDLED.test(line)) blocks.start(undefined, undefined, number)
        else blocks.stop()
      } else if (blocks.open) blocks.push(line)
    },
    end: () => sectionOf('TEST_FAILURE', 'vitest', 'failure', blocks.findings()),
  }
}
