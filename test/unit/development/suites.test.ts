import { deepEqual, equal, ok } from 'node:assert/strict'
import { globSync } from 'node:fs'
import { join } from 'node:path'
import { byDay, last, suites } from '../../../scripts/suites/list.ts'
import { total } from '../../../scripts/suites/total.ts'

const root = join(import.meta.dirname, '../../..')

describe('the suites of npm test', () => {
  it('have every test file once', () => {
    const named = [...suites(root), last]
      .flatMap(({ command }) => command)
      .filter((word) => word.endsWith('.test.ts'))
    const files = named.flatMap((pattern) => globSync(pattern, { cwd: root }))
    deepEqual(
      files.toSorted(),
      globSync('test/{unit,integration,security,vscode,last}/**/*.test.ts', { cwd: root }).sort(),
    )
  })

  it('begin with those of every day, and each of the others is in the first half every second day', () => {
    const all = suites(root)
    const [one, other] = [byDay(all, 20_000), byDay(all, 20_001)]
    const always = all.filter((suite) => suite.always).length
    ok(always > 5 && always < all.length)
    for (const day of [one, other]) {
      deepEqual(new Set(day), new Set(all))
      ok(day.slice(0, always).every((suite) => suite.always))
    }
    const half = Math.ceil((all.length - always) / 2)
    const early = [one, other].flatMap((day) => day.slice(always, always + half))
    deepEqual(new Set(early).size, all.length - always)
  })
})

describe('the count over all suites', () => {
  const ended = (output: string, exitCode: number | undefined = 0) => ({ name: 'a', output, exitCode })

  it('adds up what each said, and names what failed', () => {
    const said = total([
      ended('  ok\n12 passed, 0 failed, 3 skipped'),
      ended('  FAILED  one two  why\n4 passed, 1 failed', 1),
    ])
    deepEqual(said, {
      failures: ['  FAILED  one two  why'],
      line: '16 passed, 1 failed, 3 skipped',
      failed: true,
    })
    // All its cases are another day's turn.
    equal(total([ended('1 passed, 0 failed'), ended('0 passed, 0 failed, 7 skipped')]).failed, false)
    deepEqual(total([ended('12 passed, 0 failed')]), {
      failures: [],
      line: '12 passed, 0 failed',
      failed: false,
    })
  })

  it('counts a suite as failed that ended without its count, on a signal, otherwise than it says, or without a test', () => {
    for (const one of [
      ended('Segmentation fault', 139),
      ended('all is well'),
      ended('12 passed, 0 failed', 1),
      ended('12 passed, 2 failed', 0),
      { ...ended('12 passed, 0 failed'), exitCode: undefined },
      ended('0 passed, 0 failed'),
    ]) {
      const { failed, failures, line } = total([one, ended('1 passed, 0 failed')])
      equal(failed, true, one.output)
      ok(failures.length === 1 && /^ {2}FAILED {2}a {2}ended with/.test(failures[0] ?? ''), failures.join())
      ok(!line.includes(' 0 failed'), line)
    }
    equal(total([]).failed, true)
  })
})
