import { stripVTControlCharacters } from 'node:util'
import type { TestCounts } from '../../../contract/report.ts'

type Key = keyof TestCounts
type Tally = Record<Key, number>

interface Summary {
  /** As the whole of a line, but for what a task runner marks it with. */
  readonly line: RegExp
  readonly add: (tally: Tally, numbers: readonly number[], text: string) => void
}

/** A line that has one number of one kind. */
const one = (key: Key, line: RegExp): Summary => ({
  line,
  add: (tally, [count = 0]) => {
    tally[key] += count
  },
})

const kinds: Readonly<Record<string, Key>> = {
  passed: 'passed',
  flaky: 'passed',
  failed: 'failed',
  undefined: 'failed',
  ambiguous: 'failed',
  skipped: 'skipped',
  pending: 'skipped',
  todo: 'skipped',
}

/** A line that lists kinds, such as `1 failed, 2 passed`. */
function listed(line: RegExp): Summary {
  return {
    line,
    add: (tally, _, text) => {
      for (const [, count, word = ''] of text.matchAll(/(\d+) (\w+)/g)) {
        const key = kinds[word]
        if (key !== undefined) tally[key] += Number(count)
      }
    },
  }
}

/** Last lines of runs, by runner. Each number stands for itself: several runs of one step add up. */
const summaries: readonly Summary[] = [
  // jest, vitest, cucumber
  listed(/Tests: +((?:\d+ \w+, )+\d+ total)$/),
  listed(/ {2,}Tests {2}((?:\d+ \w+(?: \| )?)+) \(\d+\)$/),
  listed(/\d+ scenarios? \(((?:\d+ \w+(?:, )?)+)\)$/),
  // mocha
  one('passed', /(\d+) passing(?: \([\d.]+\w+\))?$/),
  one('failed', /(\d+) failing$/),
  one('skipped', /(\d+) pending$/),
  // ava, lab
  one('passed', /(\d+) tests? passed(?: \(\d+ skipped\))?$/),
  one('failed', /(\d+) (?:tests?|hooks?) failed$/),
  one('skipped', /(\d+) tests? (?:skipped|todo)$/),
  one('failed', /(\d+) uncaught exceptions?$/),
  {
    line: /(\d+) of (\d+) tests failed(?: \((\d+) skipped\))?$/,
    add: (tally, [failed = 0, all = 0, skipped = 0]) => {
      tally.failed += failed
      tally.passed += all - failed
      tally.skipped += skipped
    },
  },
  // jasmine
  {
    line: /(\d+) specs?, (\d+) failures?(?:, (\d+) pending specs?)?$/,
    add: (tally, [all = 0, failed = 0, skipped = 0]) => {
      tally.failed += failed
      tally.skipped += skipped
      tally.passed += Math.max(0, all - failed - skipped)
    },
  },
  // uvu: what did not pass has failed
  one('failed', / {2}Total: +(\d+)$/),
  {
    line: / {2}Passed: +(\d+)$/,
    add: (tally, [passed = 0]) => {
      tally.passed += passed
      tally.failed -= passed
    },
  },
  one('skipped', / {2}Skipped: +(\d+)$/),
  // Test Anything Protocol, and node:test
  one('passed', /(?:#|ℹ) pass +(\d+)$/),
  one('failed', /(?:#|ℹ) (?:fail|cancelled) +(\d+)$/),
  one('skipped', /(?:#|ℹ) (?:skip|skipped|todo) +(\d+)$/),
  // node-tap
  {
    line: /# \{ total: (\d+)(?:, pass: (\d+))?(?:, fail: (\d+))?/,
    add: (tally, [, passed = 0, failed = 0]) => {
      tally.passed += passed
      tally.failed += failed
    },
  },
  listed(/Asserts: +((?:\d+ \w+,? ?)+), of \d+$/),
  // web-test-runner, playwright
  listed(/\d+\/\d+ test files \| ((?:\d+ \w+(?:, )?)+)$/),
  one('passed', /^ {2}(\d+) (?:passed|flaky)(?: \([\d.]+\w+\))?$/),
  one('failed', /^ {2}(\d+) (?:failed|interrupted)$/),
  one('skipped', /^ {2}(\d+) (?:skipped|did not run)$/),
]

/** karma counts up on one line after the other: the last one of a browser holds. */
const karma = /^(.*?)Executed (\d+) of (\d+)(.*)$/

function karmaCounts(lines: readonly string[]): Tally {
  const last = new Map<string, Tally>()
  for (const line of lines) {
    const match = karma.exec(line)
    if (match === null) continue
    const [, browser = '', ran = '0', , rest = ''] = match
    const failed = Number(/\((\d+) FAILED\)/.exec(rest)?.[1] ?? 0)
    const skipped = Number(/\(skipped (\d+)\)/.exec(rest)?.[1] ?? 0)
    last.set(browser, { passed: Number(ran) - failed, failed, skipped })
  }
  return [...last.values()].reduce(
    (all, { passed, failed, skipped }) => ({
      passed: all.passed + passed,
      failed: all.failed + failed,
      skipped: all.skipped + skipped,
    }),
    { passed: 0, failed: 0, skipped: 0 },
  )
}

/** Tests as the summaries of a log count them, whichever runners wrote them; undefined where there is none. */
export function counts(log: string): TestCounts | undefined {
  const lines = stripVTControlCharacters(log).split(/[\r\n]+/)
  const tally = karmaCounts(lines)
  let seen = lines.some((line) => karma.test(line))
  for (const line of lines) {
    if (line.length > 300 || !/\d/.test(line)) continue
    const text = line.trimEnd()
    for (const summary of summaries) {
      const match = summary.line.exec(text)
      if (match === null) continue
      seen = true
      summary.add(
        tally,
        match.slice(1).map((text) => Number(text ?? 0)),
        match[1] ?? '',
      )
      break
    }
  }
  if (!seen) return undefined
  return {
    passed: Math.max(0, tally.passed),
    failed: Math.max(0, tally.failed),
    skipped: Math.max(0, tally.skipped),
  }
}
