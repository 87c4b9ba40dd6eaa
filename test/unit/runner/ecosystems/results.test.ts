import assert from 'node:assert/strict'
import fc from 'fast-check'
import { TestResult } from '../../../../src/contract/report.ts'
import { results } from '../../../../src/runner/ecosystems/results.ts'

const line = { file: '/workspace/test/a.js', suite: ['s'], title: 't', outcome: 'passed', durationMs: 3 }

function read(...lines: unknown[]) {
  const text = lines.map((one) => (typeof one === 'string' ? one : JSON.stringify(one))).join('\n')
  return results(new Map([['1.jsonl', Buffer.from(text)]]))
}

describe('npm results', () => {
  it('names a test by file, suite and title, relative to the workspace', () => {
    assert.deepEqual(read(line), [
      { id: 'test/a.js › s › t', file: 'test/a.js', outcome: 'passed', durationMs: 3 },
    ])
    assert.equal(read({ ...line, file: 'test/a.js' })?.[0]?.id, 'test/a.js › s › t')
    assert.equal(read({ ...line, file: undefined })?.[0]?.id, 's › t')
    assert.equal(read({ ...line, suite: [], title: '' })?.[0]?.id, 'test/a.js')
    assert.equal(read({ ...line, file: '/elsewhere/x.js' })?.[0]?.file, '/elsewhere/x.js')
  })

  it('numbers tests of one name, whatever file they came from', () => {
    const failed = { ...line, outcome: 'failed' }
    assert.deepEqual(
      read(line, failed)?.map(({ id, outcome }) => [id, outcome]),
      [
        ['test/a.js › s › t', 'passed'],
        ['test/a.js › s › t (2)', 'failed'],
      ],
    )
  })

  it('keeps apart a test that is itself called like a numbered one', () => {
    const ids = read(line, line, { ...line, title: 't (2)' })?.map(({ id }) => id)
    assert.equal(new Set(ids).size, 3)
  })

  it('passes over garbled lines, and is undefined where none is a result', () => {
    assert.equal(read(), undefined)
    assert.equal(
      read('{', 'null', '[]', { ...line, outcome: 'great' }, { ...line, durationMs: -1 }),
      undefined,
    )
    assert.equal(read('{"file":', line, 'x'.repeat(100_000))?.length, 1)
    assert.equal(results(new Map()), undefined)
  })

  it('keeps control characters, escapes and excess out', () => {
    const [test] =
      read({ ...line, title: '\u001b[31mred\u001b[0m\u0000\u202e\nnext', message: 'm'.repeat(9_000) }) ?? []
    assert.equal(test?.id, 'test/a.js › s › red next')
    assert.equal(test?.message?.length, 2_000)
    assert.ok((read({ ...line, title: 'x'.repeat(5_000) })?.[0]?.id.length ?? 0) <= 1_010)
  })

  it('holds for any bytes: no throw, unique ids, valid results', () => {
    const names = fc.constantFrom('a', 'a (2)', 'a (3)', 'b\u0000')
    const some = fc.record({
      file: fc.option(names, { nil: undefined }),
      suite: fc.array(names, { maxLength: 2 }),
      title: fc.oneof(names, fc.string({ unit: 'binary', maxLength: 8 })),
      outcome: fc.constantFrom('passed', 'failed', 'skipped', 'todo', 'other'),
      durationMs: fc.double(),
    })
    fc.assert(
      fc.property(fc.array(fc.oneof(some, fc.string()), { maxLength: 8 }), (lines) => {
        const tests = read(...lines) ?? []
        assert.equal(new Set(tests.map(({ id }) => id)).size, tests.length)
        for (const test of tests) TestResult.parse(test)
      }),
    )
  })
})
