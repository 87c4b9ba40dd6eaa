import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { RunAnswer, type RunRequest } from '../../../src/contract/runRequest.ts'
import type { SessionView } from '../../../src/contract/sessionView.ts'
import { type Drydock, openDrydock, scriptOf } from '../../support/drydock.ts'
import { canaryKeys } from '../../support/keys.ts'
import { Script, type Turn } from '../../support/model/script.ts'
import { startModel } from '../../support/model/server.ts'
import { fixtureRepository } from '../../support/repository.ts'

const anthropicApiKey = canaryKeys.stdin

describe('drydock run', () => {
  let drydock: Drydock
  let repository: Awaited<ReturnType<typeof fixtureRepository>>
  let script: Script
  before(async () => {
    drydock = await openDrydock()
    repository = await fixtureRepository('breaking-update')
    script = Script.parse(JSON.parse(await readFile(scriptOf('breaking-update'), 'utf8')))
  })
  after(async () => {
    await repository[Symbol.asyncDispose]()
    await drydock[Symbol.asyncDispose]()
  })

  async function ask(
    request: unknown,
    model?: { readonly url: string },
    secrets: object = { anthropicApiKey },
  ): Promise<{ answer: RunAnswer; code: number | null }> {
    const { child, ended } = drydock.start(
      ['run', '--task', '-'],
      model === undefined ? {} : { ANTHROPIC_BASE_URL: model.url },
      JSON.stringify({ v: 1, request, secrets }),
    )
    assert.ok(!child.spawnargs.join(' ').includes(anthropicApiKey))
    const { stdout, stderr, code } = await ended
    assert.equal(stderr, '')
    assert.equal(stdout.trimEnd().split('\n').length, 1, stdout)
    return { answer: RunAnswer.parse(JSON.parse(stdout)), code }
  }

  async function started(request: RunRequest, model: { readonly url: string }): Promise<SessionView> {
    const { answer } = await ask(request, model)
    assert.ok(answer.ok, JSON.stringify(answer))
    return drydock.session(['show', answer.session ?? ''])
  }

  const play = (agent: readonly Turn[] = script.agent) =>
    startModel({ ...script, agent: [...agent], judge: [1, 2, 3].flatMap(() => script.judge) })

  const update = (): RunRequest => ({
    ...{ do: 'update', package: 'uuid', requested: '9', settings: {} },
    repository: { root: repository.root, includeUncommitted: false },
  })

  it('verifies and judges anew what a reviewer left, and approves nothing in between', async () => {
    const model = await play()
    try {
      const made = await started(update(), model)
      assert.deepEqual([made.outcome, made.matrix?.green], ['awaiting-review', true])
      const digest = made.patch?.digest ?? ''
      const dropped = [{ path: 'src/shipments.js', hunk: 0 }]
      const without = await started({ do: 'drop', session: made.id, digest, dropped }, model)
      assert.deepEqual([without.outcome, without.patch?.source], ['awaiting-review', 'reviewer'])
      assert.deepEqual([without.matrix?.green, without.verdict?.decision], [false, 'not-judged'])
      assert.ok(!without.patch?.files.some(({ path }) => path === 'src/shipments.js'))
      const publish = { do: 'publish', session: made.id, acknowledged: [], withoutJudge: true } as const
      const { baseCommit } = made.task.repository
      const red = await ask({ ...publish, digest: without.patch?.digest, baseCommit })
      assert.equal(!red.answer.ok && red.answer.failure.code, 'not-verified')
      const stale = await ask({ ...publish, digest, baseCommit })
      assert.equal(!stale.answer.ok && stale.answer.failure.code, 'approval-void')
      const back = await started({ do: 'restore', session: made.id, digest }, model)
      for (const part of ['patch', 'matrix', 'verdict', 'reports', 'warnings'] as const)
        assert.deepEqual(back[part], made[part], part)
      const again = await started({ do: 'drop', session: made.id, digest, dropped: [] }, model)
      assert.deepEqual(
        [again.patch?.digest, again.matrix?.green, again.verdict?.decision],
        [digest, true, 'approve'],
      )
      assert.equal(model.count('judge'), 2)
    } finally {
      await model.close()
    }
  })

  it('tries again from the last patch, with the words of the reviewer', async () => {
    const model = await play([...script.agent, { text: 'Nothing to do.' }])
    try {
      const made = await started(update(), model)
      const turns = model.count('agent')
      const note = 'Keep the name uuidv4.'
      const second = await started({ do: 'retry', session: made.id, note }, model)
      assert.deepEqual([second.outcome, second.matrix?.green], ['awaiting-review', true])
      assert.equal(second.patch?.digest, made.patch?.digest)
      assert.equal(model.count('agent'), turns + 1)
      const first = model.requests.filter(({ purpose }) => purpose === 'agent')[turns]
      assert.match(JSON.stringify(first?.body), /The reviewer asks: Keep the name uuidv4\./)
      const sentBack = await drydock.session(['show', made.id])
      assert.deepEqual([sentBack.outcome, sentBack.reason], ['rejected', 'Rejected: Keep the name uuidv4.'])
    } finally {
      await model.close()
    }
  })

  it('makes a change of another kind', async () => {
    const agent: Turn[] = [
      { toolUses: [{ name: 'Edit', input: { path: 'README.md', old: '# ', new: '# The ' } }] },
      { text: 'Done.' },
    ]
    const model = await startModel({
      ...script,
      agent,
      judge: JSON.parse(
        JSON.stringify(script.judge).replaceAll("const { v4: uuid } = require('uuid')", '# The'),
      ),
    })
    try {
      const view = await started(
        {
          ...{ do: 'change', kind: 'refactor', title: 'Rename', prompt: 'Put an article before the title.' },
          ...{ repository: { root: repository.root, includeUncommitted: false }, settings: { maxTurns: 4 } },
        },
        model,
      )
      assert.deepEqual([view.outcome, view.verdict?.decision], ['awaiting-review', 'approve'])
      assert.deepEqual(
        view.patch?.files.map(({ path }) => path),
        ['README.md'],
      )
    } finally {
      await model.close()
    }
  })

  it('runs nothing of a change that nobody is there to make: no key', async () => {
    const change = { do: 'change', kind: 'refactor', title: 'Rename', prompt: 'Say The.', settings: {} }
    const where = { repository: { root: repository.root, includeUncommitted: false } }
    const { answer } = await ask({ ...change, ...where }, undefined, {})
    assert.ok(answer.ok, JSON.stringify(answer))
    const { failure, stages } = await drydock.session(['show', answer.session ?? ''])
    assert.equal(failure?.code, 'no-key')
    assert.deepEqual(
      stages.map(({ name }) => name),
      ['queue', 'preflight'],
    )
  })

  for (const [what, request, code] of [
    ['no such session', { do: 'reject', session: '20200101-000000-abcdef' }, 'no-such-session'],
    ['a wish that is none', { do: 'everything' }, 'bad-usage'],
    [
      'a folder that is no repository',
      { do: 'update', package: 'a', repository: { root: '/' } },
      'not-a-repository',
    ],
  ] as const) {
    it(`answers with a code: ${what}`, async () => {
      const { answer, code: exit } = await ask(request)
      assert.ok(!answer.ok)
      assert.deepEqual([answer.failure.code, exit], [code, 2])
      assert.notEqual(answer.failure.next, '')
    })
  }
})
