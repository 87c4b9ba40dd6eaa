import assert from 'node:assert/strict'
import type { Container, Sandbox } from '../../../src/runner/docker/sandbox.ts'
import { archiveFiles } from '../../../src/runner/git/archive.ts'
import type { FaultKind, Turn } from '../../support/model/script.ts'
import { type ModelOptions, type PlayedModel, startModel } from '../../support/model/server.ts'
import { type AttemptOptions, openRepairBench, playAttempt, type RepairBench } from '../../support/repair.ts'
import type { TestSandbox } from '../../support/sandbox.ts'

const files = {
  'README.md': '# Fixture\n',
  '.gitignore': 'node_modules/\n',
  'src/index.js': "import { old } from 'library'\nexport const value = old(1)\n",
  'src/unused.js': 'export {}\n',
}
const look: Turn = {
  text: 'I look.',
  toolUses: [
    { name: 'Bash', input: { command: 'rg -n library src' } },
    { name: 'Read', input: { path: 'src/index.js' } },
  ],
}
const edit: Turn = {
  toolUses: [{ name: 'Edit', input: { path: 'src/index.js', old: 'old', new: 'fresh', replaceAll: true } }],
}
const check: Turn = {
  toolUses: [
    { name: 'Git', input: { args: ['diff', '--stat'] } },
    { name: 'Verify', input: {} },
  ],
}
const end: Turn = { text: 'Done.' }

describe('repair', function () {
  this.timeout(300_000)
  let bench: RepairBench
  let model: PlayedModel
  before(async () => {
    bench = await openRepairBench(files)
  })
  after(() => bench[Symbol.asyncDispose]())
  afterEach(() => model.close())

  async function play(script: ModelOptions, options: AttemptOptions = {}) {
    model = await startModel(script)
    return playAttempt(bench, model, options)
  }

  async function containers(): Promise<number> {
    const filters = JSON.stringify({ label: [`drydock.session=${bench.box.sessionId}`] })
    const all = await bench.box.engine.docker.listContainers({ all: true, filters })
    return all.filter((each) => each.Names.some((name) => name.includes('-agent-'))).length
  }

  it('reads what is known of the new version where it asks for it', async () => {
    const asked = (address: string, more = {}) => ({ name: 'Read', input: { path: address, ...more } })
    const changes = [
      { name: 'old', word: 'old', kind: 'removed', of: 'member', before: ['old(a)'], after: [] },
      { name: 'other', word: 'other', kind: 'added', of: 'member', before: [], after: ['other()'] },
    ] as const
    const notes = [{ version: '2.0.0', text: 'First line.\nSecond line.' }]
    const release = { notes, changes, source: 'javascript', namespaces: [] } as const
    const read: Turn = {
      toolUses: [
        asked('drydock://release/interface?name=OLD'),
        asked('drydock://release/changelog', { offset: 4 }),
        asked('drydock://release/secrets'),
      ],
    }
    const attempt = await play({ agent: [read, end] }, { input: { release } })
    assert.equal(attempt.end, 'done', attempt.detail)
    const [api, log, none] = attempt.events.filter((event) => event.type === 'agent.toolResult')
    assert.match(api?.text ?? '', /^ {5}1\t- removed old: `old\(a\)`$/)
    assert.match(log?.text ?? '', /^ {5}4\tSecond line\.$/)
    assert.match(none?.text ?? '', /^Not possible: there is no such document/)
  })

  it('repairs over several turns: looks, edits, verifies, hands back the change', async () => {
    const verified: string[] = []
    const attempt = await play(
      { agent: [look, edit, check, end] },
      {
        verify: async (diff) => {
          verified.push(diff)
          return { ok: true, text: 'build, test: pass' }
        },
      },
    )
    assert.equal(attempt.end, 'done', attempt.detail)
    assert.equal(attempt.turns, 4)
    assert.match(attempt.diff, /\+import \{ fresh \} from 'library'\n\+export const value = fresh\(1\)/)
    assert.deepEqual(verified, [attempt.diff])
    const after = await bench.repository.apply(bench.tree, attempt.diff)
    const changes = await bench.repository.changes(bench.tree, after)
    assert.deepEqual(
      changes.written.map((entry) => entry.path),
      ['src/index.js'],
    )
    const results = attempt.events.filter((event) => event.type === 'agent.toolResult')
    assert.match(results[0]?.text ?? '', /src\/index\.js:1:/)
    assert.match(results[4]?.text ?? '', /build, test: pass/)
    const types = attempt.events.map((event) => event.type)
    assert.deepEqual([types[0], types.at(-1)], ['attempt.started', 'attempt.finished'])
    assert.equal(await containers(), 0)
  })

  it('carries out a reply’s calls in order, moves, deletes, and gives up with the words of the model', async () => {
    const first: Turn = {
      toolUses: [
        { name: 'Edit', input: { path: 'src/index.js', old: 'old(1)', new: 'fresh(1)' } },
        { name: 'Bash', input: { command: 'head -n 2 src/index.js' } },
        { name: 'Edit', input: { path: 'src/unused.js', moveTo: 'lib/kept.js' } },
        { name: 'Edit', input: { path: 'README.md', delete: true } },
        { name: 'Bash', input: { command: 'rg -l export src nothere lib/kept.js' } },
      ],
    }
    const reason = 'The library took the function away and offers nothing in its place.'
    const gives: Turn = { toolUses: [{ name: 'GiveUp', input: { reason } }] }
    const attempt = await play({ agent: [first, gives, end] })
    assert.deepEqual(
      [attempt.end, attempt.account, attempt.turns],
      ['cannot-repair', reason, 2],
      attempt.detail,
    )
    const texts = attempt.events.flatMap((event) => (event.type === 'agent.toolResult' ? [event.text] : []))
    assert.match(texts[1] ?? '', /fresh\(1\)/)
    assert.match(
      texts[4] ?? '',
      /src\/index\.js[\s\S]*lib\/kept\.js[\s\S]*\[not read: nothere: no such file\]/,
    )
    const after = await bench.repository.apply(bench.tree, attempt.diff)
    const { written, deleted } = await bench.repository.changes(bench.tree, after)
    assert.deepEqual(
      [written.map(({ path }) => path), deleted],
      [
        ['lib/kept.js', 'src/index.js'],
        ['README.md', 'src/unused.js'],
      ],
    )
    const finished = attempt.events.find((event) => event.type === 'attempt.finished')
    assert.deepEqual([finished?.end, finished?.account], ['cannot-repair', reason])
  })

  it('starts from the change of an earlier attempt', async () => {
    const added = Buffer.from('export const a = 1\n')
    const prior = {
      archive: () => archiveFiles([{ path: 'src/added.js', size: added.length, content: added }]),
      written: ['src/added.js'],
      deleted: ['src/unused.js'],
    }
    const attempt = await play({ agent: [edit, end] }, { input: { attempt: 2, prior } })
    assert.equal(attempt.end, 'done', attempt.detail)
    const paths = attempt.diff.match(/^diff --git a\/\S+/gm)
    assert.deepEqual(paths, [
      'diff --git a/src/added.js',
      'diff --git a/src/index.js',
      'diff --git a/src/unused.js',
    ])
  })

  const named: [FaultKind, number, string][] = [
    ['rate-limit', 1, 'done'],
    ['overloaded', 1, 'done'],
    ['server-error', 1, 'done'],
    ['drop-connection', 1, 'done'],
    ['drop-stream', 1, 'done'],
    ['stall-stream', 1, 'done'],
    ['malformed-json', 1, 'done'],
    ['malformed-sse', 1, 'done'],
    ['bad-arguments', 1, 'done'],
    ['unknown-tool', 1, 'done'],
    ['endless-tools', 99, 'turn-limit'],
    ['overloaded', 99, 'model-error'],
    ['stall-stream', 99, 'model-error'],
    ['malformed-sse', 99, 'model-error'],
    ['unauthorized', 99, 'model-error'],
  ]
  for (const [kind, times, expected] of named) {
    it(`${kind} ${times === 1 ? 'once' : 'for ever'} ends in ${expected}`, async () => {
      const attempt = await play({ agent: [edit, end], faults: [{ request: 2, kind, times }] })
      assert.equal(attempt.end, expected, attempt.detail)
      assert.match(attempt.diff, /fresh/)
      assert.equal(await containers(), 0)
    })
  }

  it('ends in budget, with the change so far', async () => {
    const dear = { ...edit, usage: { input_tokens: 100_000, output_tokens: 1 } }
    const attempt = await play({ agent: [dear, end] }, { budgetUsd: 0.22 })
    assert.equal(attempt.end, 'budget', attempt.detail)
    assert.match(attempt.diff, /fresh/)
  })

  it('is cancelled while the model is asked and while a check runs, and leaves no container', async () => {
    for (const script of [
      { agent: [edit], faults: [{ request: 2, kind: 'stall-stream' as const }] },
      { agent: [check] },
    ]) {
      const controller = new AbortController()
      const attempt = await play(script, {
        signal: controller.signal,
        onEvent: (event) => {
          if (event.type === 'agent.turn') setTimeout(() => controller.abort(), 100)
        },
        verify: (_diff, signal) =>
          new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
      })
      assert.equal(attempt.end, 'cancelled')
      assert.equal(await containers(), 0)
      await model.close()
    }
    model = await startModel({})
  })

  it('names the engine where the container was killed from outside', async () => {
    const { docker } = bench.box.engine
    const kill = async (): Promise<Turn> => {
      const filters = JSON.stringify({ label: [`drydock.session=${bench.box.sessionId}`] })
      const all = await docker.listContainers({ filters })
      const own = all.filter(({ Names }) => Names.some((name) => name.includes('-agent-')))
      for (const { Id } of own) await docker.getContainer(Id).kill()
      return end
    }
    const attempt = await play({ agent: kill })
    assert.deepEqual([attempt.end, attempt.failure?.code], ['agent-error', 'engine-lost'], attempt.detail)
  })

  it('ends a container that asks nothing any more', async () => {
    const attempt = await play({ agent: [] }, { limits: { silenceMs: 50 } })
    assert.equal(attempt.end, 'agent-error')
    assert.match(attempt.detail ?? '', /silent/)
  })

  it('keeps the key out of the container', async () => {
    const key = 'sk-canary-5d1c2b3a4f'
    const seen: string[] = []
    let container: Container | undefined
    const start = bench.box.sandbox.start.bind(bench.box.sandbox)
    const sandbox: Sandbox = {
      ...bench.box.sandbox,
      start: async (spec, signal) => {
        container = await start(spec, signal)
        return container
      },
    }
    const script =
      'cat /proc/*/environ /proc/*/cmdline; grep -ra sk-canary /tmp /workspace /drydock /etc; true'
    model = await startModel({ agent: [check, end] })
    const attempt = await playAttempt({ ...bench, box: { ...bench.box, sandbox } as TestSandbox }, model, {
      apiKey: key,
      verify: async () => {
        const options = { timeoutMs: 60_000, maxOutputBytes: 4_000_000 }
        const inside = await container?.exec(['sh', '-c', script], options)
        const outside = await bench.box.engine.docker.getContainer(container?.id ?? '').inspect()
        seen.push(inside?.output.toString('latin1') ?? '', JSON.stringify(outside))
        return { ok: true, text: 'seen' }
      },
    })
    assert.equal(attempt.end, 'done', attempt.detail)
    assert.match(seen[0] ?? '', /agent\.mjs/)
    assert.ok(!seen.join('').includes(key))
    assert.ok(!JSON.stringify(attempt.events).includes(key))
    assert.equal(model.requests[0]?.headers.authorization, `Bearer ${key}`)
  })

  it('is not moved by an engine that lies', async () => {
    const hostile = `
      const post = (path, body) => fetch('http://127.0.0.1:4873' + path, { method: 'POST', body: JSON.stringify(body) }).then(async (r) => [r.status, await r.text()])
      const start = await (await fetch('http://127.0.0.1:4873/start')).json()
      const ask = (seq, body) => post('/model', { v: 1, runId: start.runId, seq, type: 'messages.create', body })
      const messages = [{ role: 'user', content: 'x' }]
      console.log(JSON.stringify([
        await ask(1, { max_tokens: 10, messages, tools: [{ type: 'web_search_20250305', name: 'web_search' }] }),
        await ask(1, { max_tokens: 10, messages, system: 'other' }),
        await ask(7, { max_tokens: 10, messages }),
        await post('/v1/messages', {}),
        await post('/done', { v: 1, runId: 'other', end: 'done', turns: 0, diff: 'x', results: [] }),
        await post('/done', { v: 1, runId: start.runId, end: 'budget', turns: 999, diff: 'x', results: [] }),
        await ask(1, { max_tokens: 10, messages }),
      ].map(([status]) => status)))`
    const start = bench.box.sandbox.start.bind(bench.box.sandbox)
    const sandbox: Sandbox = {
      ...bench.box.sandbox,
      start: (spec, signal) =>
        start(
          { ...spec, command: ['node', '/drydock/relay.mjs', '--port', '4873', '--', 'node', '-e', hostile] },
          signal,
        ),
    }
    model = await startModel({ agent: [end] })
    const lied = await playAttempt({ ...bench, box: { ...bench.box, sandbox } as TestSandbox }, model)
    assert.equal(lied.end, 'agent-error')
    assert.equal(lied.turns, 0)
    assert.equal(model.requests.length, 0)
  })
})
