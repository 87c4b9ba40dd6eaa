import assert from 'node:assert/strict'
import { join } from 'node:path'
import { seenLine } from '../../../../../src/contract/pullRequestSeen.ts'
import { openKept } from '../../../../../src/runner/hosts/kept.ts'
import { openPullRequest } from '../../../../support/github/openPullRequest.ts'
import { temporaryFolder } from '../../../../support/madeRepository.ts'

describe('what became of a pull request at GitHub', () => {
  it('is read with its checks, reviews and the words of people who may write; what did not change is not sent again', async () => {
    await using folder = await temporaryFolder()
    await using opened = await openPullRequest(folder.path)
    const { github, host, head } = opened
    const file = join(folder.path, 'kept.json')
    const seen = async () => {
      const kept = await openKept(file)
      const found = await host.follow(1, kept)
      await kept.save()
      return found
    }
    const [at] = github.world.repositories
    const [pull] = at?.pulls ?? []
    assert.ok(at !== undefined && pull !== undefined)
    const first = await seen()
    assert.deepEqual([first.state, first.head, seenLine(first, head)], ['open', head, ''])

    for (const [login, may] of [
      ['ada', 'write'],
      ['eve', 'read'],
      ['mallory', 'none'],
    ] as const)
      at.permissions.set(login, may)
    at.checks.push(
      { name: 'build', sha: head, conclusion: 'failure' },
      { name: 'lint', sha: head, conclusion: null },
    )
    at.checks.push({ name: 'drydock', sha: head, conclusion: 'failure' })
    at.statuses.push({ sha: head, state: 'success', context: 'ci', description: '' })
    at.comments.push({ number: 1, author: 'ada', body: 'a' }, { number: 1, author: 'eve', body: 'b' })
    at.comments.push(
      { number: 1, author: 'renovate[bot]', body: 'c' },
      { number: 1, author: 'grace', body: 'd' },
    )
    at.reviewComments.push({ number: 1, author: 'ada', body: 'e' })
    at.reviews.push({ number: 1, author: 'mallory', state: 'CHANGES_REQUESTED', sha: head })
    at.reviews.push({ number: 1, author: 'ada', state: 'APPROVED', sha: head })
    const second = await seen()
    assert.deepEqual(second.checks, { passed: 1, failed: 1, pending: 1, failing: ['build'] })
    assert.equal(seenLine(second, head), '1 check fails, approved, 1 check runs, 2 comments, 2 to answer')

    const before = github.answered.length
    assert.deepEqual(await seen(), second)
    // Whether a thread is resolved has no tag.
    assert.deepEqual(
      github.answered.slice(before).filter((status) => status !== 304),
      [200],
    )

    Object.assign(pull, { state: 'closed', merged: true })
    assert.equal((await seen()).state, 'merged')
    assert.deepEqual(github.refused, [])
  })
})
