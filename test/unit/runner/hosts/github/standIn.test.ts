import assert from 'node:assert/strict'
import { join } from 'node:path'
import { plainWish } from '../../../../../src/contract/pullRequest.ts'
import { githubHost } from '../../../../../src/runner/hosts/github/index.ts'
import { HostRefusal } from '../../../../../src/runner/hosts/host.ts'
import { playGithub } from '../../../../support/github/start.ts'
import { git, makeRepository, temporaryFolder } from '../../../../support/madeRepository.ts'

const token = 'github-token-of-a-test'

async function played() {
  const stack = new AsyncDisposableStack()
  const folder = stack.use(await temporaryFolder())
  const work = join(folder.path, 'work')
  await makeRepository(work, { 'a.js': 'one\n' })
  await git(work, 'checkout', '-q', '-b', 'drydock/x')
  await git(work, 'commit', '-q', '--allow-empty', '-m', 'x')
  const commit = await git(work, 'rev-parse', 'HEAD')
  await git(work, 'checkout', '-q', '-')
  await git(folder.path, 'clone', '-q', '--bare', work, join(folder.path, 'remotes/o/r.git'))
  const base = await git(work, 'branch', '--show-current')
  const github = stack.use(await playGithub({ root: join(folder.path, 'remotes'), token }))
  const host = githubHost({ owner: 'o', repo: 'r', apiUrl: github.url }, { token })
  return { github, host, commit, base, [Symbol.asyncDispose]: () => stack.disposeAsync() }
}

const summary = { name: 'drydock', conclusion: 'success' as const, title: 'Verified', summary: 'All of it.' }

describe('a GitHub repository', () => {
  it('is asked nothing that its description refuses, from the first look to the last wish', async () => {
    await using it = await played()
    const { github, host, commit, base } = it
    await host.look(undefined)
    const [at] = github.world.repositories
    assert.ok(at !== undefined)
    at.permissions.set('ada', 'write')
    at.milestones.push('Next')
    at.rules.push('required_signatures', 'deletion')
    const found = await host.look(base)
    assert.deepEqual(found, {
      ...{ path: 'o/r', defaultBranch: base, archived: false, mayPush: true },
      rules: ['commits must be signed with a key that the host knows'],
    })
    const wish = {
      ...plainWish({ title: 'Update', body: 'text', head: 'drydock/x', base }),
      ...{
        draft: true,
        labels: ['dependencies'],
        assignees: ['ada', 'nobody'],
        reviewers: ['ada'],
        milestone: 'Next',
      },
    }
    const opened = await host.open(wish)
    assert.deepEqual(opened.notes, ['nobody cannot be assigned there.'])
    assert.deepEqual(at.pulls, [
      {
        ...{
          number: 1,
          title: 'Update',
          body: 'text',
          draft: true,
          head: 'o:drydock/x',
          base,
          author: 'grace',
        },
        ...{ state: 'open', merged: false, labels: ['dependencies'], assignees: ['ada'], reviewers: ['ada'] },
        milestone: 'Next',
      },
    ])
    assert.equal(await host.result(commit, summary), undefined)
    assert.deepEqual(at.statuses, [
      { sha: commit, state: 'success', context: 'drydock', description: 'Verified' },
    ])
    assert.deepEqual(await host.signature(commit), { verified: false, reason: 'unsigned' })
    await host.comment(1, 'hello')
    assert.deepEqual(
      (await host.openRequests()).map(({ branch, author }) => [branch, author]),
      [['drydock/x', 'grace']],
    )
    assert.deepEqual(github.refused, [])
  })

  it('is merged by GitHub itself where it may, by rules or by the older protection, and says no in words', async () => {
    await using it = await played()
    const { github, host, base } = it
    await host.look(undefined)
    const [at] = github.world.repositories
    const { selfMerge } = host
    assert.ok(at !== undefined && selfMerge !== undefined)
    assert.deepEqual(await selfMerge.look(base), { allowed: false, requiredChecks: false })
    at.allowAutoMerge = true
    assert.deepEqual(await selfMerge.look(base), { allowed: true, requiredChecks: false })
    at.rules.push('required_status_checks')
    assert.deepEqual(
      await selfMerge.look(base),
      { allowed: true, requiredChecks: false },
      'a rule without a check',
    )
    at.requiredChecks.push('build')
    assert.deepEqual(await selfMerge.look(base), { allowed: true, requiredChecks: true })
    at.rules.pop()
    assert.deepEqual(await selfMerge.look(base), { allowed: true, requiredChecks: true })

    const { number } = await host.open(plainWish({ title: 'Update', body: 'text', head: 'drydock/x', base }))
    at.mergeMethods.shift()
    await selfMerge.ask(number)
    assert.equal(at.pulls[0]?.autoMerge, 'squash')
    // Whoever died before it was written down asks once more.
    await selfMerge.ask(number)
    at.requiredChecks.pop()
    await assert.rejects(selfMerge.ask(number), (error: unknown) => {
      assert.ok(error instanceof HostRefusal)
      assert.match(error.trouble.said ?? '', /clean status/)
      return true
    })
    assert.deepEqual(github.refused, [])
  })
})
