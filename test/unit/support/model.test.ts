import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import Anthropic from '@anthropic-ai/sdk'
import { type PlayedModel, startModel } from '../../support/model/server.ts'

const user = { role: 'user' as const, content: 'hi' }
const edit = { name: 'Edit', input_schema: { type: 'object' as const } }

describe('the played model', () => {
  let model: PlayedModel
  afterEach(() => model.close())

  function client(): Anthropic {
    return new Anthropic({ apiKey: 'k', baseURL: model.url, maxRetries: 0, logLevel: 'off' })
  }

  it('answers the SDK streamed and not', async () => {
    const turn = { text: 'Hello there', toolUses: [{ name: 'Read', input: { path: 'a\u00e9"b' } }] }
    model = await startModel({ judge: [turn, turn] })
    const request = { model: 'm', max_tokens: 10, messages: [user] }
    const whole = await client().messages.create(request)
    const streamed = await client().messages.stream(request).finalMessage()
    assert.deepEqual(whole.content[1], { ...turn.toolUses[0], type: 'tool_use', id: 'toolu_0001_1' })
    assert.deepEqual(streamed.content[1], { ...turn.toolUses[0], type: 'tool_use', id: 'toolu_0002_1' })
    assert.equal(streamed.stop_reason, 'tool_use')
    assert.equal(streamed.usage.output_tokens, 50)
  })

  it('refuses when the script runs out', async () => {
    model = await startModel({ judge: [] })
    const asked = client().messages.create({ model: 'm', max_tokens: 10, messages: [user] })
    await assert.rejects(asked, /script ran out/)
  })

  const use = { type: 'tool_use' as const, id: 't1', name: 'Edit', input: {} }
  const result = { type: 'tool_result' as const, tool_use_id: 't1', content: 'x' }
  const bad: [string, object, RegExp][] = [
    ['unknown field', { surprise: 1 }, /surprise/],
    ['two user messages', { messages: [user, user] }, /alternate/],
    [
      'unanswered tool use',
      { messages: [user, { role: 'assistant', content: [use] }, user] },
      /without tool_result/,
    ],
    ['unknown tool result', { messages: [{ role: 'user', content: [result] }] }, /unexpected tool_use_id/],
    [
      'text before the result',
      {
        messages: [
          user,
          { role: 'assistant', content: [use] },
          { role: 'user', content: [{ type: 'text', text: 'a' }, result] },
        ],
      },
      /must come first/,
    ],
    [
      'five cache marks',
      {
        system: [1, 2, 3, 4, 5].map((n) => ({
          type: 'text',
          text: String(n),
          cache_control: { type: 'ephemeral' },
        })),
      },
      /maximum of 4/,
    ],
    ['server tool', { tools: [{ type: 'web_search_20250305', name: 'web_search' }] }, /tools\.0/],
    ['empty text', { messages: [{ role: 'user', content: '' }] }, /messages/],
    ['twice the same tool', { tools: [edit, edit] }, /unique/],
  ]
  for (const [name, fields, expected] of bad) {
    it(`refuses: ${name}`, async () => {
      model = await startModel({ agent: [{ text: 'x' }], judge: [{ text: 'x' }] })
      const body = { model: 'm', max_tokens: 10, messages: [user], ...fields }
      const asked = client().messages.create(body as Anthropic.MessageCreateParamsNonStreaming)
      await assert.rejects(
        asked,
        (error) => error instanceof Anthropic.BadRequestError && expected.test(error.message),
      )
    })
  }

  it('counts by purpose and plays faults without using up turns', async () => {
    model = await startModel({
      agent: [{ text: 'agent' }],
      judge: [{ text: 'judge' }],
      faults: [{ request: 1, kind: 'overloaded', retryAfterSeconds: 3 }],
    })
    const request = { model: 'm', max_tokens: 10, messages: [user] }
    const overloaded = client().messages.create({ ...request, tools: [edit] })
    await assert.rejects(
      overloaded,
      (error) =>
        error instanceof Anthropic.APIError &&
        error.status === 529 &&
        error.headers?.get('retry-after') === '3',
    )
    const second = await client().messages.create({ ...request, tools: [edit] })
    assert.equal(second.content[0]?.type === 'text' && second.content[0].text, 'agent')
    await client().messages.create(request)
    assert.deepEqual([model.count('agent'), model.count('judge')], [2, 1])
  })

  it('starts as a process of its own', async () => {
    model = await startModel({})
    const dir = await mkdtemp(`${tmpdir()}/model-`)
    await writeFile(`${dir}/script.json`, JSON.stringify({ judge: [{ text: 'from a file' }] }))
    const child = spawn(process.execPath, ['test/support/model/main.ts', '--script', `${dir}/script.json`], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const [line] = await once(child.stdout, 'data')
    const { url } = JSON.parse(String(line)) as { url: string }
    const sdk = new Anthropic({ apiKey: 'k', baseURL: url, maxRetries: 0 })
    const message = await sdk.messages.create({ model: 'm', max_tokens: 10, messages: [user] })
    assert.equal(message.content[0]?.type === 'text' && message.content[0].text, 'from a file')
    const recorded = (await (await fetch(`${url}/__requests`)).json()) as unknown[]
    assert.equal(recorded.length, 1)
    child.kill()
    await rm(dir, { recursive: true })
  })
})
