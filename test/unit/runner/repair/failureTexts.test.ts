import assert from 'node:assert/strict'
import type { Step } from '../../../../src/contract/report.ts'
import { summariseNpm } from '../../../../src/runner/ecosystems/npm/summarise/index.ts'
import { failureTexts } from '../../../../src/runner/repair/failureTexts.ts'

function step(name: Step['name'], command: string, log: string): Step {
  return {
    ...{ name, command, exitCode: 1, timedOut: false, outOfMemory: false, durationMs: 1, truncated: false },
    log: 'a'.repeat(64),
    summary: summariseNpm(name, log),
  }
}

const missing = "error TS2339: Property 'now' does not exist on type 'Clock'."
const build = step(
  'build',
  'npm run build',
  `src/a.ts(3,5): ${missing}\nsrc/b.ts(1,1): error TS2304: Cannot find name 'x'.\n`,
)

describe('failures of several steps', () => {
  it('are told once where a second step prints the same', () => {
    const types = step(
      'build',
      'tsc --noEmit',
      build.summary?.text === undefined
        ? ''
        : `src/a.ts(3,5): ${missing}\nsrc/b.ts(1,1): error TS2304: Cannot find name 'x'.\n`,
    )
    const [first, second] = failureTexts([build, types])
    assert.match(first ?? '', /TS2339[\s\S]*TS2304/)
    assert.equal(second, 'The same errors as above.')
  })

  it('are told once where a test runner prints the compiler’s words, and what is new stays', () => {
    const jest = step(
      'test',
      'jest',
      [
        'FAIL test/a.test.ts',
        '  ● Test suite failed to run',
        '',
        "    src/a.ts:3:5 - error TS2339: Property 'now' does not exist on type 'Clock'.",
        '',
        '    3 clock.now()',
        '',
        'FAIL test/c.test.ts',
        '  ● adds',
        '',
        '    expect(received).toBe(expected)',
        '',
        '    Expected: 3',
        '    Received: 2',
        '',
        'Test Suites: 2 failed, 2 total',
      ].join('\n'),
    )
    const [, second = ''] = failureTexts([build, jest])
    assert.match(second, /adds/)
    assert.doesNotMatch(second, /TS2339/)
    assert.match(second, /^… The same errors as above\.$/m)
  })

  it('are all told where the same words are about another file', () => {
    const other = step('build', 'tsc -p web', `web/z.ts(9,1): ${missing}\n`)
    const [, second = ''] = failureTexts([build, other])
    assert.match(second, /TS2339[\s\S]*web\/z\.ts/)
  })
})

describe('a log of Node', () => {
  const stack = [
    'node:internal/modules/cjs/loader:1228',
    '  throw err;',
    '  ^',
    '',
    "Error: Cannot find module 'uuid/v4'",
    'Require stack:',
    '- /workspace/src/orders.js',
    '- /tmp/results/.reporters/preload.cjs',
    '- internal/preload',
    '    at Module._resolveFilename (node:internal/modules/cjs/loader:1225:15)',
    '    at Object.set [as loaded] (/tmp/results/.reporters/preload.cjs:71:9)',
    '    at Object.<anonymous> (/workspace/src/orders.js:1:14) {',
    "  code: 'MODULE_NOT_FOUND',",
    "  requireStack: [ '/workspace/src/orders.js' ]",
    '}',
  ]
  const failing = [
    '',
    '  1 failing',
    '',
    '  1) adds',
    '       up:',
    '     Error: no',
    '      at Context.<anonymous> (/workspace/test/a.js:2:1)',
    '',
  ]

  it('begins with what could not be loaded, with its code, and still tells the rest', () => {
    const { text, failures } = summariseNpm('test', [...failing, '', ...stack].join('\n'))
    assert.match(
      text,
      /^Node\.js: Error was thrown\n- Error \[MODULE_NOT_FOUND\]: Cannot find module 'uuid\/v4'/,
    )
    assert.match(text, /mocha: 1 failure/)
    assert.equal(failures[0]?.file, 'src/orders.js')
  })

  it('names no frame of what listens to the tests', () => {
    const listened = stack.filter((line) => !line.includes('/workspace/src'))
    for (const lines of [
      stack,
      listened,
      [...failing.slice(0, 6), '      at heard (/tmp/results/.reporters/preload.cjs:3:1)', ''],
    ]) {
      const { text, failures } = summariseNpm('test', lines.join('\n'))
      assert.doesNotMatch(JSON.stringify([text, failures]), /reporters|preload/)
    }
  })

  it('reads what a file printed before its tests, which Test Anything Protocol puts into comments', () => {
    const comments = stack.map((line) => `# ${line}`)
    const result = [
      '# Subtest: /workspace/test/a.test.js',
      'not ok 1 - /workspace/test/a.test.js',
      '  ---',
      "  location: '/workspace/test/a.test.js:1:1'",
      "  failureType: 'testCodeFailure'",
      "  error: 'test failed'",
      "  code: 'ERR_TEST_FAILURE'",
      '  ...',
      '1..1',
      '# tests 1',
      '# fail 1',
    ]
    const { text, failures } = summariseNpm('test', ['TAP version 13', ...comments, ...result].join('\n'))
    assert.match(
      text,
      /^tests: 1 failure\n- Error \[MODULE_NOT_FOUND\]: Cannot find module 'uuid\/v4'\n {2}src\/orders\.js:1/,
    )
    assert.doesNotMatch(text, /test failed/)
    assert.deepEqual(
      failures.map(({ file }) => file),
      ['src/orders.js'],
    )
  })
})
