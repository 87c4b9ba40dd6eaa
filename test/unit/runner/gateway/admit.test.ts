import assert from 'node:assert/strict'
import { admit } from '../../../../src/runner/gateway/admit.ts'
import { NotAdmitted } from '../../../../src/runner/gateway/json.ts'

const policy = { runId: 'r1', model: 'claude-sonnet-4-5', maxTokensCap: 16_000, maxBytes: 8 * 1024 * 1024 }
const body = { max_tokens: 100, messages: [{ role: 'user', content: 'hi' }] }

function envelope(fields: object = {}, more: object = {}): Buffer {
  return Buffer.from(
    JSON.stringify({
      v: 1,
      runId: 'r1',
      seq: 1,
      type: 'messages.create',
      body: { ...body, ...fields },
      ...more,
    }),
  )
}

describe('admit', () => {
  it('takes messages and bounded numbers', () => {
    assert.equal(admit(envelope(), policy, 0).max_tokens, 100)
    assert.equal(admit(envelope({ model: policy.model, temperature: 1 }), policy, 0).temperature, 1)
  })

  const user = (content: unknown) => ({ messages: [{ role: 'user', content }] })
  const refused: [string, Buffer][] = [
    ['another model', envelope({ model: 'claude-opus-4-5' })],
    ['a system prompt', envelope({ system: 'x' })],
    ['a tool choice', envelope({ tool_choice: { type: 'any' } })],
    ['thinking', envelope({ thinking: { type: 'enabled', budget_tokens: 9999 } })],
    ['metadata', envelope({ metadata: { user_id: 'x' } })],
    ['a container', envelope({ container: 'x' })],
    ['betas', envelope({ betas: ['x'] })],
    ['a thread', envelope({ thread: { id: 'x' } })],
    ['more tokens than the cap', envelope({ max_tokens: 16_001 })],
    ['no tokens', envelope({ max_tokens: 0 })],
    ['half a token', envelope({ max_tokens: 1.5 })],
    ['a hot temperature', envelope({ temperature: 2 })],
    ['a system message', envelope({ messages: [{ role: 'system', content: 'x' }] })],
    ['no message', envelope({ messages: [] })],
    [
      'an image by URL',
      envelope(user([{ type: 'image', source: { type: 'url', url: 'https://example.com' } }])),
    ],
    ['a file', envelope(user([{ type: 'document', source: { type: 'file', file_id: 'f' } }]))],
    [
      'a server tool use',
      envelope(user([{ type: 'server_tool_use', id: 'a', name: 'web_fetch', input: {} }])),
    ],
    [
      'an image in a tool result',
      envelope(user([{ type: 'tool_result', tool_use_id: 'a', content: [{ type: 'image', source: {} }] }])),
    ],
    ['a cache mark', envelope(user([{ type: 'text', text: 'x', cache_control: { type: 'ephemeral' } }]))],
    ['a further field', envelope({}, { headers: { 'anthropic-beta': 'x' } })],
    ['another version', envelope({}, { v: 2 })],
    ['another run', envelope({}, { runId: 'r2' })],
    ['a number that was used', envelope({}, { seq: 0 })],
    ['a number too far on', envelope({}, { seq: 2 })],
    [
      'bytes that are not UTF-8',
      Buffer.concat([Buffer.from('{"v":1,"x":"'), Buffer.from([0xff]), Buffer.from('"}')]),
    ],
    ['a byte order mark', Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), envelope()])],
    [
      'a key twice',
      Buffer.from(envelope().toString().replace('"max_tokens":100', '"max_tokens":100,"max_tokens":1')),
    ],
    [
      'a key twice by an escape',
      Buffer.from(envelope().toString().replace('"max_tokens":100', '"max_tokens":100,"max\\u005ftokens":1')),
    ],
    ['great depth', Buffer.from(`${'['.repeat(10_000)}${']'.repeat(10_000)}`)],
    [
      'great depth in a tool input',
      Buffer.from(
        envelope(user([{ type: 'tool_use', id: 'a', name: 'b', input: { a: 'DEEP' } }]))
          .toString()
          .replace('"DEEP"', `${'['.repeat(10_000)}${']'.repeat(10_000)}`),
      ),
    ],
    ['too many bytes', Buffer.alloc(8 * 1024 * 1024 + 1, 0x20)],
  ]
  for (const [name, bytes] of refused) {
    it(`refuses ${name}`, () => assert.throws(() => admit(bytes, policy, 0), NotAdmitted))
  }

  it('does not mistake braces, commas and escapes in strings for structure', () => {
    const text = `{"a":1,"a":2}\\",[[[[${'['.repeat(200)}`
    const request = admit(envelope(user(text)), policy, 0)
    assert.equal(request.messages[0]?.content, text)
  })
})
