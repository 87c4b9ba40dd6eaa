import assert from 'node:assert/strict'
import type { Compared, Report, StepName, TestResult } from '../../../../../src/contract/report.ts'
import { type Decision, decide } from '../../../../../src/runner/verify/kit/decide.ts'
import type { Ran } from '../../../../../src/runner/verify/kit/named.ts'
import type { KitUnit, Sides } from '../../../../../src/runner/verify/kit/units.ts'
import { kitWarnings } from '../../../../../src/runner/verify/kit/warnings.ts'
import { report, step } from '../../../../support/reports.ts'

const file = 'test/a.test.js'
const a = `${file} › one`
const b = 'test/b.test.js › two'
const base = report(
  { [a]: 'passed', [b]: 'passed' },
  { steps: [step('build'), step('test'), step('lint')], testsNamed: true },
)

function unitOf(kind: KitUnit['kind'], path: string, texts: readonly Sides[] = []): KitUnit {
  const files = path === 'package.json' ? new Map() : new Map([[path, Buffer.from('base')]])
  return {
    id: path,
    path,
    kind,
    said: `The base's ${path}, put back alone`,
    size: 1,
    files,
    parts: [],
    texts,
  }
}
const test = unitOf('test', file)
const config = unitOf('config', '.toolrc')
const script = unitOf('config', 'package.json')

interface Failure {
  readonly message: string
  readonly compared?: Compared
}

/** A run in which these tests or files fail and the rest of the base's passes, but for what is left out. */
function run(failing: Readonly<Record<string, Failure>>, without: readonly string[] = []): Ran {
  const tests: TestResult[] = Object.entries(failing).map(([id, { message, compared }]) => ({
    ...{ id, file: id.split(' › ')[0] ?? id, outcome: 'failed', durationMs: 1, message },
    ...(compared === undefined ? {} : { compared }),
  }))
  const passing = base.tests.filter(({ id }) => failing[id] === undefined && !without.includes(id))
  const failed = tests.length > 0 || without.length > 0
  return {
    report: report(
      {},
      {
        ...base,
        steps: [step('build'), step('test', failed ? 1 : 0), step('lint')],
        tests: [...tests, ...passing],
      },
    ),
    named: new Map(),
  }
}

/** A run in which a step fails, its log says this and names these files; no tests where none may run. */
function broken(name: StepName, text: string, named: readonly string[] = [], tests = name === 'lint'): Ran {
  const summary = { category: 'UNKNOWN' as const, failures: [], text }
  const steps = base.steps.map((one) =>
    one.name === name || (!tests && one.name === 'test') ? step(one.name, 2, { summary }) : one,
  )
  const made = report({}, { ...base, steps, tests: tests ? base.tests : [] })
  return { report: made, named: new Map([[name, new Set(named)]]) }
}

/** A build that fails with errors in these files. */
function uncompiled(errors: readonly (readonly [file: string, message: string])[]): Ran {
  const made = errors.map(([path, message]) => ({ file: path, line: 1, message }))
  const summary = { category: 'COMPILATION_FAILURE' as const, failures: made, text: `${made.length} errors` }
  const steps = base.steps.map((one) => (one.name === 'lint' ? one : step(one.name, 2, { summary })))
  const own = errors.map(([path]) => path).filter((path) => !path.includes('node_modules/'))
  return {
    report: report({}, { ...base, steps, tests: [] }),
    named: new Map([['build' as const, new Set(own)]]),
  }
}

const decided = (unit: KitUnit, update: Ran, back: Ran, patched: Report = base): Decision =>
  decide(unit, { base, update, patched, back, flaky: new Set(), alone: 'the update alone' })
const kind = (...runs: Parameters<typeof decided>) => decided(...runs).kind

const wrong = (expected: string, actual: string): Failure => ({
  message: `AssertionError: ${actual} == ${expected}`,
  compared: { expected, actual },
})
const loadError: Failure = {
  message: 'Cannot use import statement outside a module\n    at /workspace/src/a.js:1:1',
}
const kitError: Failure = {
  message: `TypeError: assert.equals is not a function\n    at Context (/workspace/${file}:4:10)`,
}
const sourceError: Failure = {
  message: `TypeError: x is not a function\n    at f (/workspace/src/a.js:4:1)\n    at /workspace/${file}:3:1`,
}
const fine = run({})

describe('a put-back', () => {
  it('that changes nothing needs nobody', () => {
    assert.equal(kind(test, fine, fine), 'same')
    assert.equal(kind(script, broken('test', 'no such option'), fine), 'same')
    const late = run({ [b]: wrong('1', '2') })
    assert.equal(
      decide(test, {
        base,
        update: fine,
        patched: base,
        back: late,
        flaky: new Set([b]),
        alone: 'the update alone',
      }).kind,
      'same',
    )
  })

  it('of compiler settings is explained by errors in installed packages, and by no others', () => {
    const theirs = ['node_modules/lib/index.d.ts', "Cannot find name 'URL'"] as const
    const own = ['src/a.ts', 'not a function'] as const
    const update = uncompiled([theirs, own])
    assert.equal(kind(config, update, uncompiled([theirs])), 'excused')
    assert.equal(kind(config, update, uncompiled([theirs, own])), 'objection')
    assert.equal(kind(config, update, uncompiled([['node_modules/lib/other.d.ts', 'another']])), 'objection')
  })

  for (const [what, unit, update, back] of [
    [
      'a script that cannot start',
      script,
      broken('test', 'no such option x'),
      broken('test', 'no such option x'),
    ],
    [
      'a linter that cannot read its configuration',
      config,
      broken('lint', 'no config'),
      broken('lint', 'no config'),
    ],
    [
      'a compiler that refuses its configuration',
      config,
      broken('build', 'TS5102', ['tsconfig.json']),
      broken('build', 'TS5102', ['tsconfig.json']),
    ],
    [
      'a test file that does not compile',
      test,
      broken('build', '2 errors', [file, 'src/a.js']),
      broken('build', '1 error', [file]),
    ],
    [
      'a test file that cannot be loaded',
      test,
      run({ [file]: loadError }, [a]),
      run({ [file]: loadError }, [a]),
    ],
    [
      'settings without which files cannot be loaded',
      config,
      run({ [file]: loadError }, [a]),
      run({ [file]: loadError }, [a]),
    ],
    ['a test whose kit lost what it calls', test, run({ [a]: kitError }), run({ [a]: kitError })],
  ] as const) {
    it(`excuses ${what}`, () => {
      const decision = decided(unit, update, back)
      assert.equal(decision.kind, 'excused', JSON.stringify(decision))
      const [warning] = kitWarnings(unit, decision, back.report, base)
      assert.deepEqual([warning?.code, warning?.severity], [`test-kit:${unit.id}`, 'acknowledge'])
      assert.match(
        warning?.message ?? '',
        /put back alone: .*with the update alone.*Put back: .*failed.*As patched: .*ok/,
      )
    })
  }

  for (const [what, unit, update, back] of [
    ['a script that the update alone can start', script, fine, broken('test', 'no such option')],
    ['a script that runs fewer tests', script, fine, run({}, [a])],
    [
      'a linter that finds something',
      config,
      broken('lint', '3 problems', ['src/a.js']),
      broken('lint', '3 problems', ['src/a.js']),
    ],
    [
      'a linter that the update alone lets work',
      config,
      broken('lint', '3 problems', ['src/a.js']),
      broken('lint', 'no config'),
    ],
    [
      'a compiler that finds errors in the code',
      config,
      broken('build', 'TS2345', ['src/a.js']),
      broken('build', 'TS2345', ['src/a.js']),
    ],
    ['a test that asserts something else', test, fine, run({ [a]: wrong('3', '4') })],
    [
      'an assertion that fails for another value than with the update',
      test,
      run({ [a]: wrong('3', '5') }),
      run({ [a]: wrong('3', '4') }),
    ],
    ['an error of the code under test', test, run({ [a]: sourceError }), run({ [a]: sourceError })],
    ['a file that only the patch keeps from being loaded', test, fine, run({ [file]: loadError }, [a])],
    [
      'a file that is not loaded for another reason',
      test,
      run({ [file]: { message: "Cannot find module 'x/lib'" } }, [a]),
      run({ [file]: loadError }, [a]),
    ],
    [
      'a test file whose runner starts no more, for another reason',
      test,
      broken('test', 'no module x/lib'),
      broken('test', 'no export y'),
    ],
    [
      'a failing command although all tests pass',
      config,
      fine,
      broken('test', 'coverage below 80 %', [], true),
    ],
  ] as const) {
    it(`speaks against the patch: ${what}`, () => {
      const decision = decided(unit, update, back)
      assert.equal(decision.kind, 'objection', JSON.stringify(decision))
      const [warning] = kitWarnings(unit, decision, back.report, base)
      assert.deepEqual([warning?.code, warning?.severity], [`objection:${unit.id}`, 'acknowledge'])
      assert.match(warning?.message ?? '', /it passes only as the patch has it/)
      assert.ok(decision.kind === 'objection' && (what.includes('fewer') || decision.failures.length > 0))
    })
  }

  it('says so where the run could not be made or was ended from outside', () => {
    const unmade = { report: report({}, { steps: [], setupError: 'full' }), named: new Map() }
    assert.match(JSON.stringify(decided(test, fine, unmade)), /could not be made: full/)
    const late = { report: report({}, { steps: [step('test', null, { timedOut: true })] }), named: new Map() }
    assert.match(JSON.stringify(decided(test, late, late)), /ended from outside/)
  })

  it('says what is not known where the update alone got no further than the build', () => {
    const update = broken('build', 'errors', ['src/a.js'])
    const decision = decided(test, update, broken('build', 'an error', [file]))
    assert.equal(decision.kind, 'excused')
    assert.match(JSON.stringify(decision), /its part in this is not known/)
    assert.equal(kind(config, update, broken('build', 'an error', [])), 'objection')
  })

  it('takes tests that look at a tool with the tool that no longer starts', () => {
    const house = { message: 'Error: Command failed: eslint .\n    at run (/workspace/test/b.test.js:3:1)' }
    const both = (lint: Ran): Ran => ({
      ...lint,
      report: { ...lint.report, tests: run({ [b]: house }).report.tests },
    })
    const dead = both(broken('lint', 'no config'))
    assert.equal(kind(config, dead, dead), 'excused')
    const finds = both(broken('lint', '1 problem', ['src/a.js']))
    assert.equal(kind(config, finds, finds), 'objection')
  })

  describe('of a test that asserts the words of the library', () => {
    const texts = (after: string): Sides[] => [
      { before: "assert.equal(m(), 'must be a number')\n", after: `${after}\n` },
    ]
    const words = run({ [a]: wrong('must be a number', 'isn\'t a number (got "x")') })
    const follows = unitOf('test', file, texts(`assert.equal(m(), 'isn\\'t a number (got "x")')`))

    it('shows old, new and actual beside each other where the patch follows them', () => {
      const decision = decided(follows, words, words)
      assert.equal(decision.kind, 'expectation', JSON.stringify(decision))
      const [warning] = kitWarnings(follows, decision, words.report, base)
      assert.equal(warning?.code, `expectation:${file}`)
      for (const said of [
        'must be a number',
        'expects "assert.equal(m(), ',
        'the update alone gives "isn\'t a number',
      ])
        assert.ok(JSON.stringify(warning).includes(JSON.stringify(said).slice(1, -1)), said)
    })

    it('speaks against a patch that expects anything else', () => {
      for (const after of [
        'assert.ok(m())',
        'assert.match(m(), /number/)',
        "assert.equal(typeof m(), 'string')",
      ])
        assert.equal(kind(unitOf('test', file, texts(after)), words, words), 'objection', after)
      assert.equal(kind(follows, fine, words), 'objection')
      assert.equal(kind(follows, run({ [a]: kitError }), words), 'objection')
    })
  })
})
