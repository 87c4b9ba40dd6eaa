import assert from 'node:assert/strict'
import type { Matrix, MatrixTest, Report, Step, SummaryFailure } from '../../../../src/contract/report.ts'
import { explainBreaks, splitCode } from '../../../../src/runner/pipeline/breaks.ts'

function step(command: string, failures: readonly SummaryFailure[], more: Partial<Step> = {}): Step {
  return {
    ...{ name: 'test', command, exitCode: 1, timedOut: false, outOfMemory: false, durationMs: 1 },
    ...{ log: 'a'.repeat(64), truncated: false },
    summary: { category: 'TEST_FAILURE', failures: [...failures], text: '' },
    ...more,
  }
}

function report(steps: readonly Step[], tests: Report['tests'] = []): Report {
  return { role: 'update', steps: [...steps], tests, testsNamed: true, ok: false, notes: [] }
}

function matrix(steps: Matrix['steps'], tests: readonly MatrixTest[] = []): Matrix {
  return {
    counts: {},
    steps,
    tests: [...tests],
    green: false,
    verified: true,
    reasons: [],
  } as unknown as Matrix
}

describe('what an update broke', () => {
  it('is told by cause, with the places that it shows at', () => {
    const message = "Error [ERR_PACKAGE_PATH_NOT_EXPORTED]: Package subpath './v4' is not defined"
    const run = step('npm test', [
      { file: 'test/a.test.js', test: 'test/a.test.js', message },
      { file: 'test/b.test.js', test: 'test/b.test.js', message },
    ])
    const { list } = explainBreaks(
      report([run]),
      matrix([{ name: 'test', command: 'npm test', label: 'broken' }]),
    )
    assert.deepEqual(list, [
      {
        ...{ step: 'test', command: 'npm test', code: 'ERR_PACKAGE_PATH_NOT_EXPORTED' },
        message: "Package subpath './v4' is not defined",
        places: [
          { file: 'test/a.test.js', test: 'test/a.test.js' },
          { file: 'test/b.test.js', test: 'test/b.test.js' },
        ],
        more: 0,
      },
    ])
  })

  it('leaves out what failed before: whole commands, and tests of one that has new failures', () => {
    const lint = step('npm run lint', [{ file: 'a.js', message: 'old' }], { name: 'lint' })
    const test = step('npm test', [
      { test: 'is old', message: 'old' },
      { test: 'is new', message: 'new' },
    ])
    const found = explainBreaks(
      report([lint, test]),
      matrix(
        [
          { name: 'lint', command: 'npm run lint', label: 'already failing' },
          { name: 'test', command: 'npm test', label: 'already failing' },
        ],
        [
          { id: 'a.test.js › is old', label: 'already failing' },
          { id: 'a.test.js › is new', label: 'broken' },
        ],
      ),
    )
    assert.deepEqual(
      found.list.map(({ message }) => message),
      ['new'],
    )
  })

  it('takes the words of the tests themselves where the log has none', () => {
    const quiet = step('npm test', [], { summary: undefined, exitCode: 0 })
    const id = 'a.test.js › adds'
    const tests = [
      { id, file: 'a.test.js', outcome: 'failed' as const, durationMs: 1, message: 'TypeError: x' },
    ]
    const red = matrix([{ name: 'test', command: 'npm test', label: 'broken' }], [{ id, label: 'broken' }])
    assert.deepEqual(explainBreaks(report([quiet], tests), red).list[0]?.message, 'TypeError: x')
  })

  it('says of a command that told nothing how it ended', () => {
    const silent = step('npm test', [], { timedOut: true, exitCode: null })
    const red = matrix([{ name: 'test', command: 'npm test', label: 'broken' }])
    assert.equal(explainBreaks(report([silent]), red).list[0]?.message, 'It did not end in time.')
  })

  it('is told once where tests run the compiler that the build runs, and again where they say more', () => {
    const failed = {
      file: 'src/a.ts',
      line: 3,
      rule: 'TS2556',
      message: 'A spread argument must have a tuple type.',
    }
    const build = step('npm run build', [failed], { name: 'build' })
    const elsewhere = { ...failed, file: 'test/a.test.ts' }
    const steps: Matrix['steps'] = [
      { name: 'build', command: 'npm run build', label: 'broken' },
      { name: 'test', command: 'npm test', label: 'broken' },
    ]
    const commands = (second: SummaryFailure[]) =>
      explainBreaks(report([build, step('npm test', second)]), matrix(steps)).list.map(
        ({ command }) => command,
      )
    assert.deepEqual(commands([failed]), ['npm run build'])
    assert.deepEqual(commands([failed, elsewhere]), ['npm run build', 'npm test'])
  })

  it('is told once where two commands come to the same rule of the build, which names no file', () => {
    const rule = 'DependencyConvergence'
    const message = `${rule}: Dependency convergence error for org.opentest4j:opentest4j:jar:1.3.0:provided`
    const commands = ['mvn -DskipTests package', 'mvn verify']
    const { list } = explainBreaks(
      report(commands.map((command) => step(command, [{ rule, message }]))),
      matrix(commands.map((command) => ({ name: 'test', command, label: 'broken' }))),
    )
    assert.deepEqual(list, [
      {
        ...{ step: 'test', command: 'mvn -DskipTests package', code: rule },
        message: message.slice(rule.length + 2),
        places: [],
        more: 0,
      },
    ])
  })

  it('is bounded, and says how much there is beyond', () => {
    const all = Array.from({ length: 30 }, (_, at) => ({ message: `cause ${at}` }))
    const { list, more } = explainBreaks(
      report([step('npm test', all)]),
      matrix([{ name: 'test', command: 'npm test', label: 'broken' }]),
    )
    assert.deepEqual([list.length, more], [20, 10])
  })

  for (const [text, rule, expected] of [
    ['Error [ERR_X_Y]: gone', undefined, { code: 'ERR_X_Y', message: 'gone' }],
    ['TypeError [ERR_X]: no', undefined, { code: 'ERR_X', message: 'no' }],
    ['TS2339: Property', undefined, { code: 'TS2339', message: 'Property' }],
    ['ENOENT: no such file', undefined, { code: 'ENOENT', message: 'no such file' }],
    ['Error: no /workspace/src/a.js', undefined, { message: 'Error: no src/a.js' }],
    ['EXPECTED things', undefined, { message: 'EXPECTED things' }],
    ['unused', 'no-unused-vars', { code: 'no-unused-vars', message: 'unused' }],
  ] as const) {
    it(`has the code of ${JSON.stringify(text)} apart`, () => {
      assert.deepEqual(splitCode(text, rule), expected)
    })
  }
})
