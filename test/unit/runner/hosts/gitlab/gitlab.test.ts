import assert from 'node:assert/strict'
import { join } from 'node:path'
import { plainWish } from '../../../../../src/contract/pullRequest.ts'
import { seenLine } from '../../../../../src/contract/pullRequestSeen.ts'
import { gitlabHost, gitlabProject } from '../../../../../src/runner/hosts/gitlab/index.ts'
import { HostRefusal } from '../../../../../src/runner/hosts/host.ts'
import { openKept } from '../../../../../src/runner/hosts/kept.ts'
import { answerMark } from '../../../../../src/runner/hosts/threads.ts'
import { playGitlab } from '../../../../support/gitlab/server.ts'
import { temporaryFolder } from '../../../../support/madeRepository.ts'

const token = 'gitlab-token-of-a-test'
const commit = 'a'.repeat(40)
const wish = plainWish({ title: 'Update', body: 'text', head: 'drydock/x', base: 'main' })

const open = (url: string, waits: number[] = []) =>
  gitlabHost(
    { path: 'group/sub/shop', server: url },
    { token, clock: { now: () => 0, wait: async (ms) => void waits.push(ms) } },
  )

describe('a GitLab project', () => {
  it('is found by the address of its remote, groups within groups included', () => {
    const found = (url: string, server?: string) => gitlabProject(url, server)?.path
    assert.equal(found('git@gitlab.com:group/sub/shop.git'), 'group/sub/shop')
    assert.equal(found('https://gitlab.com/group/shop'), 'group/shop')
    assert.equal(found('https://git.example.com/group/shop.git'), undefined)
    assert.equal(found('https://git.example.com/group/shop.git', 'https://git.example.com'), 'group/shop')
    assert.equal(found('https://gitlab.com.evil.example/group/shop'), undefined)
  })

  it('gets one merge request with what was wished for, and a status beside the commit', async () => {
    await using gitlab = await playGitlab(token)
    gitlab.users.set('ada', 5)
    gitlab.closedBranch = 'main'
    const host = open(gitlab.url)
    assert.deepEqual(await host.look('main'), {
      ...{ path: 'group/sub/shop', defaultBranch: 'main', archived: false, mayPush: true },
      rules: ['only some people may merge into it'],
    })
    const more = { draft: true, labels: ['dependencies', 'bot'], reviewers: ['ada', 'nobody'] }
    const opened = await host.open({ ...wish, ...more })
    assert.deepEqual([opened.number, opened.notes], [1, ['nobody is not known there.']])
    const [made = {}] = gitlab.requests
    const { title, description, labels, reviewer_ids, source_branch, target_branch } = made
    assert.deepEqual(
      { title, description, labels, reviewer_ids, source_branch, target_branch },
      {
        ...{ title: 'Draft: Update', description: 'text', labels: 'dependencies,bot', reviewer_ids: [5] },
        ...{ source_branch: 'drydock/x', target_branch: 'main' },
      },
    )
    assert.equal((await host.open(wish)).number, 1)
    assert.equal(gitlab.requests.length, 1)
    const summary = { name: 'drydock', conclusion: 'neutral' as const, title: 'Not shown', summary: '' }
    assert.equal(await host.result(commit, summary), undefined)
    assert.deepEqual(gitlab.statuses, [{ sha: commit, name: 'drydock', status: 'pending' }])
    assert.deepEqual(await host.signature(commit), { verified: false, reason: 'unsigned' })
    assert.deepEqual(
      (await host.openRequests()).map(({ branch }) => branch),
      ['drydock/x'],
    )
  })

  it('is followed to its merge; only the words of people who may push count, and nothing is sent twice', async () => {
    await using gitlab = await playGitlab(token)
    await using folder = await temporaryFolder()
    const host = open(gitlab.url)
    await host.open(wish)
    gitlab.statuses.push(
      { sha: commit, name: 'build', status: 'failed' },
      { sha: commit, name: 'lint', status: 'running' },
    )
    gitlab.members.set(5, 30).set(6, 20)
    for (const author of [1, 5, 6, 7]) gitlab.notes.push({ iid: 1, author, body: 'x' })
    gitlab.approvals.push(5)
    const seen = async () => {
      const kept = await openKept(join(folder.path, 'kept.json'))
      const found = await host.follow(1, kept)
      await kept.save()
      return found
    }
    const first = await seen()
    assert.equal(seenLine(first, commit), '1 check fails, approved, 1 check runs, 1 comment, 1 to answer')
    assert.deepEqual(first.checks.failing, ['build'])
    const threads = () => openKept(join(folder.path, 'words.json')).then((kept) => host.threads(1, kept))
    const { open: waiting, others } = await threads()
    const [thread] = waiting
    assert.ok(thread !== undefined && waiting.length === 1)
    assert.deepEqual([thread.author, thread.text, thread.last], ['5', 'x', 2])
    assert.deepEqual(others, [{ author: '6' }, { author: '7' }])
    await host.answer(1, thread, `Done. ${answerMark(thread.id, thread.last)}`)
    assert.deepEqual((await threads()).open, [])
    gitlab.notes.push({ iid: 1, author: 5, body: 'not quite', discussion: thread.id })
    assert.equal((await threads()).open[0]?.text, '5: x\n\n5: not quite')
    Object.assign(gitlab.notes[1] ?? {}, { resolved: true })
    for (const note of gitlab.notes) if (note.discussion === thread.id) note.resolved = true
    assert.deepEqual((await threads()).open, [])
    gitlab.notes.splice(4)
    Object.assign(gitlab.notes[1] ?? {}, { resolved: false })
    const before = gitlab.answered.length
    assert.deepEqual(await seen(), first)
    assert.deepEqual([...new Set(gitlab.answered.slice(before))].sort(), [304, 404])
    Object.assign(gitlab.requests[0] ?? {}, { state: 'merged' })
    assert.equal((await seen()).state, 'merged')
  })

  const refusals = [
    [{ status: 401, body: { error: 'invalid_token', error_description: 'Token is expired.' } }, 'token'],
    [{ status: 403, body: { message: '403 Forbidden' } }, 'permission'],
    [{ status: 404, body: { message: '404 Project Not Found' } }, 'missing'],
    [{ status: 400, body: { message: { title: ["can't be blank"] } } }, 'invalid'],
  ] as const
  for (const [fault, kind] of refusals) {
    it(`refuses by a name: ${fault.status}`, async () => {
      await using gitlab = await playGitlab(token)
      gitlab.fault = fault
      await assert.rejects(open(gitlab.url).openRequests(), (error: unknown) => {
        assert.ok(error instanceof HostRefusal)
        assert.equal(error.trouble.kind, kind)
        return true
      })
    })
  }

  it('closes a merge request, with the word before it, and says where there is none', async () => {
    await using gitlab = await playGitlab(token)
    const host = open(gitlab.url)
    await host.look('main')
    const { number } = await host.open(wish)
    await host.comment(number, 'Superseded.')
    await host.close(number)
    assert.deepEqual(gitlab.notes, [{ iid: 1, author: 1, body: 'Superseded.' }])
    assert.equal(gitlab.requests[0]?.state, 'closed')
    assert.deepEqual(await host.openRequests(), [])
    await assert.rejects(
      host.close(7),
      (error) => error instanceof HostRefusal && error.trouble.kind === 'missing',
    )
  })

  it('is waited for where it has had enough', async () => {
    await using gitlab = await playGitlab(token)
    const waits: number[] = []
    gitlab.fault = { status: 429, body: { message: 'Retry later' }, headers: { 'retry-after': '9' } }
    assert.deepEqual(await open(gitlab.url, waits).openRequests(), [])
    assert.deepEqual(waits, [9000])
  })
})
