import assert from 'node:assert/strict'
import { makeServiceRedact } from '../../../src/store/redact.ts'

describe('what a service said', () => {
  const secret = 'k3y/with+odd=chars&0123456789'
  const redact = makeServiceRedact([secret])
  const spellings: [string, string][] = [
    ['plain', secret],
    ['hex', Buffer.from(secret).toString('hex')],
    ['upper hex', Buffer.from(secret).toString('hex').toUpperCase()],
    ['URL-encoded', encodeURIComponent(secret)],
    ...['', 'a', 'ab', 'abc'].flatMap((before): [string, string][] => [
      [`base64 after ${before.length}`, Buffer.from(`${before}${secret}zz`).toString('base64')],
      [`base64url after ${before.length}`, Buffer.from(`${before}${secret}`).toString('base64url')],
    ]),
  ]
  for (const [name, text] of spellings) {
    it(`finds it ${name}`, () => {
      const result = redact(`before ${text} after`)
      assert.ok(result.includes('[redacted]'))
      const rest = result.replaceAll('[redacted]', '')
      assert.ok(rest.length < 'before  after'.length + 12, rest)
    })
  }

  it('leaves other text alone', () => assert.equal(redact('429 rate_limit_error'), '429 rate_limit_error'))
  it('knows the shape of a key', () => assert.equal(redact('key sk-ant-x1y2z3!'), 'key [redacted]!'))
})
