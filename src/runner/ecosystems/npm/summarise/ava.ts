import type { Recogniser } from '../../../summarise/finding.ts'
import { sectionOf } from './section.ts'
import { Blocks, testName } from './tests.ts'

const FAIL = /^\s*✘ \[fail\]: (.*?)(?: Error thrown in test| Rejected promise returned by test)?$/
const PLACE = /^ {2}(\S+\.[cm]?[jt]sx?):(\d+)$/

/** ava's console reporter: names first, then a block for each. */
export function ava(): Recogniser {
  const names = new Set<string>()
  const blocks = new Blocks()
  let seen = false
  return {
    needles: ['ail'],
    busy: () => blocks.open || names.size > 0,
    line(line, number) {
      if (line.includes('✘ [fail]: ')) {
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
    end: () => sectionOf('TEST_FAILURE', 'ava', 'failure', blocks.findings()),
  }
}
