import assert from 'node:assert/strict'
import { comparedOf } from '../../../../../sandbox/reporters/record.ts'
import type { TestResult } from '../../../../../src/contract/report.ts'
import { comparedIn, newExpectation } from '../../../../../src/runner/verify/kit/comparison.ts'

const failed = (message: string, compared = {}): TestResult => ({
  ...{ id: 'a', outcome: 'failed', durationMs: 1, message, compared },
})

describe('what an assertion compared', () => {
  it('is what the error hands over, of an assertion alone', () => {
    const thrown = (work: () => void): unknown => {
      try {
        work()
      } catch (error) {
        return error
      }
      return undefined
    }
    const equal = thrown(() => assert.equal('a', 'b'))
    assert.deepEqual(comparedOf(equal), { compared: { expected: 'b', actual: 'a' } })
    const deep = thrown(() => assert.deepEqual({ z: 1, a: [2] }, { a: [3] }))
    assert.deepEqual(comparedOf(deep), {
      compared: { expected: '{ a: [ 3 ] }', actual: '{ a: [ 2 ], z: 1 }' },
    })
    assert.deepEqual(comparedOf({ matcherResult: { expected: 1, actual: undefined } }), {
      compared: { expected: '1', actual: 'undefined' },
    })
    assert.deepEqual(comparedOf({ matcherResult: { message: 'x', pass: false } }), { compared: {} })
    for (const other of [
      new TypeError('x'),
      Object.assign(new Error('x'), { expected: 1, actual: 2 }),
      'x',
      null,
    ])
      assert.deepEqual(comparedOf(other), {})
  })

  for (const [kit, message, expected, actual] of [
    [
      'Jest',
      'expect(received).toThrow(expected)\n\nExpected substring: "old words"\nReceived message:   "new words"\n',
      'old words',
      'new words',
    ],
    [
      'JUnit 5',
      'org.opentest4j.AssertionFailedError: expected: <old words> but was: <new words>',
      'old words',
      'new words',
    ],
    [
      'JUnit 4',
      'org.junit.ComparisonFailure: expected:<[old] words> but was:<[new] words>',
      '[old] words',
      '[new] words',
    ],
    [
      'TestNG',
      'java.lang.AssertionError: expected [old words] but found [new words]',
      'old words',
      'new words',
    ],
    [
      'AssertJ',
      'org.opentest4j.AssertionFailedError: \nexpected: "old words"\n but was: "new words"\n',
      'old words',
      'new words',
    ],
    [
      'Hamcrest',
      'java.lang.AssertionError: \nExpected: is "old words"\n     but: was "new words"',
      'is "old words"',
      'new words',
    ],
  ] as const) {
    it(`is read in the words of ${kit} where nothing is handed over`, () => {
      assert.deepEqual(comparedIn(failed(message)), { expected, actual })
      const { compared: _, ...error } = failed(message)
      assert.equal(comparedIn(error), undefined)
    })
  }
})

describe('the new expectation', () => {
  const texts = (before: string, after: string) => [{ before, after }]
  const compared = { expected: 'Invalid input: 3 items', actual: 'Invalid value: 3 entries' }

  it('is the added line with the whole value, or with every piece that differs', () => {
    const line = "  assert.equal(text, 'Invalid value: 3 entries')"
    assert.equal(newExpectation(texts('x\n', `x\n${line}\n`), compared), line.trim())
    const split = '  assert.match(text, /^Invalid value/)\n  assert.match(text, /entries$/)'
    assert.equal(newExpectation(texts('', split), compared), split.trim().replace(/\n +/, ' '))
  })

  it('is none where the patch does not add it, or holds it as a part of something else', () => {
    const line = "assert.equal(text, 'Invalid value: 3 entries')"
    assert.equal(newExpectation(texts(line, line), compared), undefined)
    assert.equal(newExpectation(texts('', 'assert.match(text, /value/)'), compared), undefined)
    assert.equal(
      newExpectation(texts('', 'assert.equal(sum, 14)'), { expected: '3', actual: '4' }),
      undefined,
    )
    assert.equal(newExpectation(texts('', line), { expected: 'a', actual: 'a' }), undefined)
  })
})
