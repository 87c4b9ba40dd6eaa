import assert from 'node:assert/strict'
import { summariseText } from '../../../src/runner/ecosystems/summarise.ts'

const old = `
> cart@1.0.0 test
> ava

  - cart › later
  ✔ cart › ✔ is marked
  ✔ cart › throws an error
  ✖ cart › adds prices
  ✖ cart › adds › nested with a message
  ✖ cart › is sync Error thrown in test
  ✖ cart › asserts Test finished without running any assertions

  4 tests failed
  1 test skipped

  cart › adds prices

  /workspace/test/cart.js:4

   3: test('throws an error', t => t.pass());
   4: test('adds prices', t => t.is(1, 2));

  Difference:

  - 1
  + 2



  cart › adds › nested

  /workspace/test/cart.js:5

  with a message

  Difference:

  - 1
  + 2



  cart › is sync

  /workspace/test/cart.js:7

  Error thrown in test:

  TypeError {
    message: 'Cannot read property of null',
  }



  cart › asserts


  Error: Test finished without running any assertions

npm ERR! Test failed.  See above for more details.
`

/** `test file:line message` of each failure. */
async function failuresOf(log: string): Promise<string[]> {
  const { failures } = await summariseText('npm', log)
  return failures.map(({ test, file, line, message }) => `${test} ${file}:${line} ${message}`)
}

describe('what ava prints', () => {
  const told = [
    'cart › adds prices test/cart.js:4 - 1\n+ 2',
    'cart › adds › nested test/cart.js:5 with a message\n- 1\n+ 2',
    'cart › is sync test/cart.js:7 TypeError: Cannot read property of null',
    'cart › asserts undefined:undefined Error: Test finished without running any assertions',
  ]

  it('until ava 2 are the names, the counts, and a block for each', async () => {
    assert.deepEqual(await failuresOf(old), told)
  })

  it('in ava 3 are a rule and the places of the frames', async () => {
    const framed = (log: string) => log.replace(/^(npm ERR)/m, '  ─\n\n  4 tests failed\n$1')
    const log = framed(old).replace('  4 tests failed\n  1 test skipped\n', '  ─\n')
    assert.deepEqual(await failuresOf(log.replaceAll('/workspace/', '')), told)
    const frame = '  ─\n\n  cart › asserts\n\n  Error: no\n\n  › t (test/cart.js:9:3)\n\n  ─\n'
    const failed = '  ✖ cart › asserts Callback called with an error\n'
    assert.deepEqual(await failuresOf(failed + frame), ['cart › asserts test/cart.js:9 Error: no'])
  })

  it('since ava 4 names what failed with its first words too', async () => {
    const log = [
      '  ✘ [fail]: cart › asserts Test finished without running any assertions',
      '  ✘ [unexpected pass]: cart › is known Test was expected to fail, but succeeded',
      '  ─\n\n  cart › asserts\n\n  Error: Test finished without running any assertions\n\n\n',
      '  cart › is known\n\n  Test was expected to fail, but succeeded\n\n  ─\n\n  2 tests failed\n',
    ].join('\n')
    assert.deepEqual(await failuresOf(log), [
      'cart › asserts undefined:undefined Error: Test finished without running any assertions',
      'cart › is known undefined:undefined Test was expected to fail, but succeeded',
    ])
  })

  for (const mark of ['✖', '✘'])
    it(`of tests that hung, behind ${mark}`, async () => {
      const log = `\n  ✔ throws an error\n\n  ${mark} Timed out while running tests\n\n  2 tests were pending in /workspace/test/slow.js\n\n  ◌ hangs\n  ◌ waits › too\n\n  ─\n\n  1 test passed\n`
      assert.deepEqual(await failuresOf(log), [
        'hangs test/slow.js:undefined Timed out while running tests',
        'waits › too test/slow.js:undefined Timed out while running tests',
      ])
    })

  it('of files that ended, each once and by its cause', async () => {
    const log = [
      '  Uncaught exception in test/load.js\n\n  test/load.js:2\n',
      "  Error: Cannot find module './missing-thing'\n",
      '  ✖ test/load.js exited with a non-zero exit code: 1',
      '  ✖ test/ends.js exited with a non-zero exit code: 3',
      '  ✖ No tests found in test/empty.js, make sure to import "ava" at the top of your test file',
      '  ✘ Exiting due to process.exit() when running test/quits.js\n',
      '  ✘ test/quits.js exited with a non-zero exit code: 1\n  ─\n\n  1 uncaught exception\n',
    ].join('\n')
    const { failures } = await summariseText('npm', log)
    assert.deepEqual(
      failures.map(({ test, message }) => `${test}: ${message}`),
      [
        "test/load.js: Error: Cannot find module './missing-thing'",
        'test/ends.js: exited with a non-zero exit code: 3',
        'test/empty.js: No tests found in test/empty.js, make sure to import "ava" at the top of your test file',
        'test/quits.js: Exiting due to process.exit() when running test/quits.js',
      ],
    )
  })

  it('is not what linters print behind the same mark', async () => {
    const log =
      'src/a.js\n  1:1  error  no  semi\n\n✖ 1 problem (1 error, 0 warnings)\n\n  1 test failed\n\n  1 problem\n'
    const { text } = await summariseText('npm', log)
    assert.doesNotMatch(text, /^ava/m)
  })
})

describe('a log of which nothing is known', () => {
  it('does not give what passed as what failed', async () => {
    const log =
      'checking\n  ✔ throws an error\nok 3 - failed logins\nPASS test/error.js\nThe server timed out.\ndone\n'
    const { failures } = await summariseText('npm', log)
    assert.equal(failures[0]?.message, 'The server timed out.')
  })
})
