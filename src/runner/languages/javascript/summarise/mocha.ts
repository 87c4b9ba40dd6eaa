import type { Recogniser } from '../../../summarise/finding.ts'
import { sectionOf } from '../../../summarise/section.ts'
import { Blocks, testName } from './tests.ts'

const FAILING = /^\s+(\d+) failing$/
const NUMBERED = /^ {2}(\d+)\) (.*)$/

/** The closing list of mocha's console reporters. */
export function mocha(): Recogniser {
  const blocks = new Blocks()
  let closing = false
  let title: string[] | undefined
  let started = 0
  return {
    get needles() {
      return closing ? [`  ${started + 1}) `] : ['ail']
    },
    busy: () => blocks.open || title !== undefined,
    line(line, number) {
      if (!closing) {
        closing = line.endsWith(' failing') && FAILING.test(line)
        return
      }
      if (!blocks.open && title === undefined && !line.startsWith('  ')) return
      const numbered = line.startsWith('  ') ? NUMBERED.exec(line) : null
      if (/^(?:npm (?:error|ERR!)|error Command failed|\s?ELIFECYCLE)/.test(line)) blocks.stop()
      else if (numbered !== null && Number(numbered[1]) === started + 1) {
        started += 1
        blocks.stop()
        title = [numbered[2] ?? '']
      } else if (title === undefined) blocks.push(line)
      else if (line.trim() !== '') title.push(line.trim())
      if (title?.at(-1)?.endsWith(':') && numbered === null) {
        blocks.start(testName([...title.slice(0, -1), title.at(-1)?.slice(0, -1) ?? '']), undefined, number)
        title = undefined
      } else if (title !== undefined && line.trim() === '') title = undefined
    },
    end: () => sectionOf('TEST_FAILURE', 'mocha', 'failure', blocks.findings()),
  }
}
