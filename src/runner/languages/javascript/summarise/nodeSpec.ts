import type { Finding, Recogniser } from '../../../summarise/finding.ts'
import { sectionOf } from '../../../summarise/section.ts'
import { isShell, Printed } from './printed.ts'
import { Blocks, testFinding, testName } from './tests.ts'

const AT = /^test at (?:file:\/*(?=\/))?(.+):(\d+):(\d+)$/
const FAILED = /^(\s*)✖ (.*?) \([\d.]+ms\)$/
const SUITE = /^(\s*)▶ (.*?)(?: \([\d.]+ms\))?$/

/** node:test's spec reporter: its closing list of failures, with the suites told by the run before it. */
export function nodeSpec(): Recogniser {
  const blocks = new Blocks()
  const paths = new Map<string, string>()
  const suites: string[] = []
  const printed = new Printed()
  const thrown = new Map<string, Finding>()
  let closing = false
  let file: string | undefined
  const during = (line: string) => {
    const suite = SUITE.exec(line)
    const failed = suite === null ? FAILED.exec(line) : null
    const depth = (suite ?? failed)?.[1]?.length ?? 0
    suites.length = Math.min(suites.length, depth / 2)
    if (suite !== null) suites.push(suite[2] ?? '')
    if (failed?.[2] !== undefined && depth === 0) {
      const found = printed.take(failed[2])
      if (found !== undefined) thrown.set(failed[2], found)
    }
    if (suite === null && failed?.[2] !== undefined && paths.size < 2_000 && !paths.has(failed[2])) {
      paths.set(failed[2], testName([...suites, failed[2]]))
    }
  }
  const after = (line: string, number: number) => {
    const at = line.startsWith('test at ') ? AT.exec(line) : null
    const failed = line.startsWith('✖ ') ? FAILED.exec(line) : null
    if (at !== null) {
      file = at[1]
      blocks.stop()
    } else if (failed?.[2] !== undefined) {
      blocks.start(paths.get(failed[2]) ?? failed[2], file, number)
      file = undefined
    } else if (/^npm (?:error|ERR!)/.test(line)) blocks.stop()
    else blocks.push(line)
  }
  return {
    needles: ['✖', '▶', 'ail', 'test at '],
    busy: () => blocks.open,
    line(line, number) {
      if (closing) after(line, number)
      else if (line === '✖ failing tests:' || line === 'Failed tests:') closing = true
      else if (line.includes('✖ ') || line.includes('▶ ')) during(line)
      else if (line.startsWith('✔ ')) printed.clear()
      else printed.push(line, number)
    },
    end() {
      // A suite fails because a test in it does.
      const found = blocks
        .findings()
        .filter(({ finding }) => !/^'\d+ subtests? failed'$/.test(finding.failure.message))
        .map(({ finding, number }) => {
          const why = isShell(finding) ? thrown.get(finding.failure.test ?? '') : undefined
          return { finding: why ?? finding, number }
        })
      const only = closing
        ? found
        : [...paths.values()].map((name) => ({ finding: testFinding(name, undefined, []), number: 1 }))
      return closing || paths.size > 0
        ? sectionOf('TEST_FAILURE', 'node:test', 'failure', closing ? found : only)
        : undefined
    },
  }
}
