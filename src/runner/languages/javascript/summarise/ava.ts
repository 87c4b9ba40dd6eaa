import type { Recogniser } from '../../../summarise/finding.ts'
import { type Found, sectionOf } from '../../../summarise/section.ts'
import { Printed } from './printed.ts'
import { Blocks, testName } from './tests.ts'

const FAIL = /^\s*✘ \[fail\]: (.*?)(?: Error thrown in test| Rejected promise returned by test)?$/
const PLACE = /^ {2}(\S+\.[cm]?[jt]sx?):(\d+)$/

/** A file that could not be loaded, and everything that comes of it. */
const LOST = /^ {2}(?:Uncaught exception|Unhandled rejection) in (\S.*)$/

/** ava's console reporter: names first, then a block for each. */
export function ava(): Recogniser {
  const names = new Set<string>()
  const blocks = new Blocks()
  const lost: Found[] = []
  const printed = new Printed()
  let file: string | undefined
  let seen = false
  const ended = (number: number) => {
    const finding = file === undefined ? undefined : printed.take(file)
    if (finding !== undefined) lost.push({ finding, number })
    file = undefined
  }
  return {
    needles: ['ail', 'Uncaught exception in', 'Unhandled rejection in'],
    busy: () => blocks.open || names.size > 0 || file !== undefined,
    line(line, number) {
      const next = line.startsWith('  Un') ? LOST.exec(line)?.[1] : undefined
      if (file !== undefined && (next !== undefined || /^ {2}(?:[✘✖] |─$)/.test(line))) ended(number)
      if (next !== undefined) {
        file = next
        printed.clear()
      } else if (file !== undefined) printed.push(line.replace(/^ {2}/, ''), number)
      else if (line.includes('✘ [fail]: ')) {
        const name = FAIL.exec(line)?.[1]
        if (name !== undefined && names.size < 600) names.add(name)
        seen = true
      } else if (!seen) return
      else if (/^ {2}\S/.test(line) && names.has(line.trim())) {
        blocks.start(testName(line.split(' › ')), undefined, number)
        names.delete(line.trim())
      } else if (PLACE.test(line)) blocks.push(`    at ${line.trim()}:1`)
      else if (/^ {2}─$/.test(line)) blocks.stop()
      else if (line.startsWith('  › file:')) blocks.push(line.replace(/^ {2}› file:\/\//, '    at '))
      else if (!/^ {2,3}\d+: |^ {2}(?:Difference|Error thrown in test)/.test(line)) blocks.push(line)
    },
    end() {
      ended(0)
      return sectionOf('TEST_FAILURE', 'ava', 'failure', [...lost, ...blocks.findings()])
    },
  }
}
