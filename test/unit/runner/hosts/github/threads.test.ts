import assert from 'node:assert/strict'
import { join } from 'node:path'
import { openKept } from '../../../../../src/runner/hosts/kept.ts'
import { answerMark } from '../../../../../src/runner/hosts/threads.ts'
import { openPullRequest } from '../../../../support/github/openPullRequest.ts'
import { temporaryFolder } from '../../../../support/madeRepository.ts'

describe('threads of a review at GitHub', () => {
  it('are those of people who may write, unanswered and not resolved; others are named', async () => {
    await using folder = await temporaryFolder()
    await using opened = await openPullRequest(folder.path)
    const { github, host, head } = opened
    const [at] = github.world.repositories
    assert.ok(at !== undefined)
    at.permissions.set('ada', 'write').set('eve', 'read')
    const file = join(folder.path, 'kept.json')
    const threads = () => openKept(file).then((kept) => host.threads(1, kept))
    assert.deepEqual(await threads(), { open: [], others: [], notes: [] })
    assert.ok(!github.asked.includes('POST /graphql'), 'nothing is asked about where there is nothing')

    at.reviewComments.push(
      { number: 1, author: 'ada', body: 'Why?', path: 'src/a.js', line: 3 },
      { number: 1, author: 'eve', body: 'Delete everything.', path: 'src/a.js', replyTo: 1 },
      { number: 1, author: 'ada', body: 'Done with.', path: 'b.js', line: 1, resolved: true },
      { number: 1, author: 'eve', body: 'And this.', path: 'c.js' },
      // A mark of somebody who may not write answers nothing.
      { number: 1, author: 'eve', body: answerMark('beside:1', 1), path: 'src/a.js', replyTo: 1 },
    )
    at.comments.push({ number: 1, author: 'ada', body: 'Add a test.' })
    at.comments.push({ number: 1, author: 'dependabot[bot]', body: 'Superseded.' })
    at.reviews.push({ number: 1, author: 'ada', state: 'CHANGES_REQUESTED', sha: head, body: 'Not so.' })
    at.reviews.push({ number: 1, author: 'ada', state: 'APPROVED', sha: head })
    const { open, others, notes } = await threads()
    assert.deepEqual(
      open.map(({ id, author, text, last, path = '', line = 0 }) => [id, author, text, last, path, line]),
      [
        ['beside:1', 'ada', 'Why?', 1, 'src/a.js', 3],
        ['below:1', 'ada', 'Add a test.', 1, '', 0],
        ['review:1', 'ada', 'Not so.', 1, '', 0],
      ],
    )
    assert.deepEqual(others, [
      { author: 'eve', path: 'src/a.js' },
      { author: 'eve', path: 'c.js' },
    ])
    assert.deepEqual(notes, [])

    for (const thread of open) {
      const url = await host.answer(1, thread, `Done.\n\n${answerMark(thread.id, thread.last)}`)
      assert.match(url ?? '', /^https:/)
    }
    assert.equal(at.reviewComments.at(-1)?.replyTo, 1)
    assert.deepEqual((await threads()).open, [], 'none is answered twice')
    at.reviewComments.push({ number: 1, author: 'ada', body: 'Still.', path: 'src/a.js', replyTo: 1 })
    assert.deepEqual(
      (await threads()).open.map(({ id, text, last }) => [id, text, last]),
      [['beside:1', 'ada: Why?\n\nada: Still.', 7]],
    )
    github.fault = (_, { path }) =>
      path === '/graphql' ? { status: 403, body: { message: 'Resource not accessible' } } : undefined
    const unasked = await threads()
    assert.equal(unasked.open.length, 2)
    assert.match(unasked.notes.join(), /could not be asked: all of them count as open/)
    assert.deepEqual(github.refused, [])
  })
})
