import assert from 'node:assert/strict'
import { mkdtemp, realpath } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Drydock, openDrydock, playedBy } from '../../support/drydock.ts'
import { discard } from '../../support/keys.ts'
import { makeRepository } from '../../support/madeRepository.ts'
import type { Turn } from '../../support/model/script.ts'
import { type PlayedModel, startModel } from '../../support/model/server.ts'

/** A function up to version 4, and a namespace with a default from 5 on. */
const files = {
  'package.json': `${JSON.stringify({
    name: 'account',
    version: '1.0.0',
    private: true,
    scripts: { build: "node -e \"require('./index.js')('a.b')\"" },
    dependencies: { 'escape-string-regexp': '4.0.0' },
  })}\n`,
  'index.js': "const escape = require('escape-string-regexp')\nmodule.exports = (text) => escape(text)\n",
}

function editing(old: string, now: string): NonNullable<Turn['toolUses']>[number] {
  return { name: 'Edit', input: { path: 'index.js', old, new: now } }
}

const pass = { pass: true, reason: 'It is so.', evidence: ['package.json'] }
const approval = { name: 'verdict', input: { in_scope: pass, safe: pass, quality: pass } }

function textOf(blocks: unknown): string {
  return (blocks as { text?: string }[]).map(({ text = '' }) => text).join('\n')
}

function prompts(model: PlayedModel, purpose: 'agent' | 'judge'): readonly string[] {
  return model.requests
    .filter((request) => request.purpose === purpose)
    .map(({ body }) => body.messages[0]?.content)
    .map((content) => (typeof content === 'string' ? content : textOf(content)))
}

describe('what the agent says of its work', () => {
  let drydock: Drydock
  let root: string
  before(async () => {
    drydock = await openDrydock()
    root = await realpath(await mkdtemp(join(tmpdir(), 'drydock-account-')))
    await makeRepository(root, files)
  })
  after(async () => {
    await drydock[Symbol.asyncDispose]()
    await discard(root)
  })

  it('ends a session by its reason where it gives up, and tries no second time', async () => {
    const reason = 'escape-string-regexp 5 cannot be loaded here.\nStay with version 4.'
    const model = await startModel({ agent: [{ toolUses: [{ name: 'GiveUp', input: { reason } }] }] })
    try {
      const args = ['update', 'escape-string-regexp@5', '--repo', root, '--no-review', '--json']
      const { code, stdout } = await drydock.run(args, playedBy(model))
      const view = JSON.parse(stdout)
      assert.deepEqual([code, view.outcome, view.attempts.length], [4, 'cannot-repair', 1])
      assert.equal(view.attempts[0].account, reason)
      assert.match(view.reason, /^The agent says that this cannot be done: escape-string-regexp 5 cannot/)
      const shown = await drydock.run(['show', view.id])
      assert.match(shown.stdout, /The agent gave up/)
      assert.match(shown.stdout, /What the agent says .*nobody checked it[\s\S]*Stay with version 4\./)
    } finally {
      await model.close()
    }
  })

  it('hands the account of each attempt to the next one, to the judge and to a person', async () => {
    const made = { name: 'Edit', input: { path: 'note.js', old: '', new: '// A note.\n', create: true } }
    const model = await startModel({
      agent: [
        { toolUses: [editing('escape(text)', 'escape.escape(text)'), made] },
        { text: 'I call the new member, which must be right.' },
        {
          toolUses: [
            editing('escape.escape(text)', 'escape.default(text)'),
            { name: 'Edit', input: { path: 'note.js', delete: true } },
          ],
        },
        { text: 'It is the default that is called now.' },
      ],
      judge: [{ toolUses: [approval] }],
    })
    try {
      const command = [
        'update',
        'escape-string-regexp@5',
        '--repo',
        root,
        '--no-review',
        '--max-attempts',
        '2',
      ]
      const view = await drydock.session(command, playedBy(model))
      assert.equal(view.outcome, 'awaiting-review', view.reason ?? '')
      const second = prompts(model, 'agent').at(-1) ?? ''
      assert.match(second, /Attempt 1 said at its end, which nobody checked:\n> I call the new member/)
      assert.match(second, /- changed: index\.js\n- new: note\.js/)
      assert.match(
        prompts(model, 'judge')[0] ?? '',
        /claims, not facts\nAttempt 1: I call[\s\S]*Attempt 2: It is/,
      )
      const shown = await drydock.run(['show', view.id])
      assert.match(shown.stdout, /What the agent says[\s\S]*It is the default that is called now\./)
      assert.deepEqual(
        view.attempts.map(({ account }) => account),
        ['I call the new member, which must be right.', 'It is the default that is called now.'],
      )
    } finally {
      await model.close()
    }
  })

  it('quotes the agent that changed nothing', async () => {
    const model = await startModel({ agent: [{ text: 'There is nothing to do here.' }] })
    try {
      const command = [
        'update',
        'escape-string-regexp@5',
        '--repo',
        root,
        '--no-review',
        '--max-attempts',
        '1',
      ]
      const view = await drydock.session(command, playedBy(model))
      assert.equal(view.outcome, 'verification-failed')
      assert.equal(view.reason, 'The agent changed nothing. It says: There is nothing to do here.')
    } finally {
      await model.close()
    }
  })
})
