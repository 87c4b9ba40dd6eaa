import assert from 'node:assert/strict'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { SessionView } from '../../../src/contract/sessionView.ts'
import { followed } from '../../../src/runner/followUp.ts'
import { openBareRepository } from '../../../src/runner/git/bareRepository.ts'
import { approve } from '../../../src/runner/publish/approve.ts'
import { publish } from '../../../src/runner/publish/publish.ts'
import { unmoved } from '../../support/gates.ts'
import { startGitHttp } from '../../support/git-http/start.ts'
import { playGithub } from '../../support/github/start.ts'
import { addRepository } from '../../support/github/world.ts'
import { git, temporaryFolder, writeFiles } from '../../support/madeRepository.ts'
import { type PublishableSession, publishableSession } from '../../support/publishableSession.ts'

const token = 'github-token-of-a-test'
const env = { PATH: process.env.PATH }

function approved({ held }: PublishableSession): SessionView {
  held.log.emit(approve(held.view(), { acknowledged: [], withoutJudge: false, unverified: false }))
  return held.view()
}

async function publishing(made: PublishableSession, more: { turn?: number; fork?: boolean } = {}) {
  const { held, root, patchText } = made
  return publish({
    ...{ view: held.view(), patchText, artifacts: held.log.artifacts, emit: held.log.emit, env },
    repository: await openBareRepository({ dir: join(held.folder, 'repo.git'), source: root, env }),
    ...{ tokens: { github: token }, gate: unmoved, now: new Date(), ...more },
  })
}

describe('publishing by the habits of a repository', function () {
  this.timeout(120_000)

  it('asks the owners, the next of a list, and gives labels, assignees and milestone as requests', async () => {
    await using folder = await temporaryFolder()
    const remotes = join(folder.path, 'remotes')
    await using server = await startGitHttp(remotes)
    await using github = await playGithub({ root: remotes, token, login: 'robin' })
    const made = await publishableSession(folder.path, {
      ...{ remoteUrl: `${server.url}/o/r.git`, githubApiUrl: github.url, secrets: [token] },
      files: {
        '.github/CODEOWNERS': '* @ada\npackage.json @grace @o/builders\n',
        '.drydock.json': '{"pullRequest":{"draft":true,"labels":["dependencies"]}}',
      },
      settings: {
        ...{ pullRequestLabels: ['dependencies', 'urgent'], pullRequestAssignees: ['ada'] },
        ...{ pullRequestReviewers: ['codeowners'], pullRequestReviewersInTurn: ['barbara', 'carol'] },
        ...{ pullRequestMilestone: 'Next' },
      },
    })
    const at = addRepository(github.world, 'o', 'r')
    for (const login of ['ada', 'grace', 'barbara', 'carol']) at.permissions.set(login, 'write')
    at.milestones.push('Earlier', 'Next')
    approved(made)
    const { notes } = await publishing(made, { turn: 3 })
    const [pull] = at.pulls
    assert.ok(pull !== undefined)
    assert.deepEqual(
      [pull.draft, pull.labels, pull.assignees, pull.reviewers, pull.teams, pull.milestone],
      [true, ['dependencies'], ['ada'], ['carol', 'grace'], ['builders'], 'Next'],
    )
    assert.match(notes.join('\n'), /allows only some of the labels/)
    for (const what of ['labels', 'assignees', 'requested_reviewers'])
      assert.equal(
        github.asked.filter((line) => line.startsWith('POST') && line.endsWith(what)).length,
        1,
        what,
      )
    assert.deepEqual(github.refused, [])
    await made.held.release()
  })

  it('follows a branch in a fork up there: fetched from it, pushed onto it, one pull request', async () => {
    await using folder = await temporaryFolder()
    const remotes = join(folder.path, 'remotes')
    await using server = await startGitHttp(remotes)
    await using github = await playGithub({ root: remotes, token })
    const made = await publishableSession(folder.path, {
      ...{ remoteUrl: `${server.url}/o/r.git`, githubApiUrl: github.url, secrets: [token] },
    })
    await mkdir(join(remotes, 'grace'))
    const at = addRepository(github.world, 'o', 'r')
    at.mayPush = false
    approved(made)
    const first = await publishing(made, { fork: true })
    assert.equal(made.held.view().fork, 'grace/r')
    const fork = join(remotes, 'grace/r.git')
    const work = join(folder.path, 'work')
    await git(folder.path, 'clone', '-q', '--branch', first.branch, fork, work)
    await writeFiles(work, { 'THEIRS.md': 'theirs\n' })
    await git(work, 'add', '-A')
    await git(work, 'commit', '-q', '-m', 'By another person')
    await git(work, 'push', '-q', 'origin', first.branch)
    const theirs = await git(work, 'rev-parse', 'HEAD')

    const repository = await openBareRepository({
      dir: join(made.held.folder, 'repo.git'),
      source: made.root,
      env,
    })
    const where = { view: made.held.view(), repository, env, signal: new AbortController().signal }
    const found = await followed(where, first.commit)
    assert.deepEqual(found.onto, { branch: first.branch, head: theirs, fork: 'grace/r' })
    assert.match(found.patch ?? '', /THEIRS\.md/)

    // The session that came of it, with a change more.
    const tree = await repository.apply(`${made.base}^{tree}`, found.patch ?? '')
    const more = await repository.withFiles(tree, new Map([['a.js', Buffer.from('two\n')]]))
    const { text, ...patch } = await repository.diff(made.base, `${made.base}^{tree}`, more)
    const view = made.held.view()
    const { pushing: _, ...rest } = view
    const next: SessionView = {
      ...{ ...rest, branch: null, commit: null, patch: { ...patch, source: 'repair' } },
      task: { ...view.task, ...(found.onto && { onto: found.onto }) },
      approval: view.approval && { ...view.approval, digest: patch.digest },
    }
    const second = await publish({
      ...{ view: next, patchText: text, artifacts: made.held.log.artifacts, emit: made.held.log.emit, env },
      ...{ repository, tokens: { github: token }, gate: unmoved, now: new Date() },
    })
    assert.deepEqual([second.branch, second.number], [first.branch, first.number])
    assert.equal(await git(fork, 'rev-parse', `${first.branch}~1`), theirs)
    assert.equal(await git(fork, 'show', `${first.branch}:a.js`), 'two')
    assert.equal(await git(join(remotes, 'o/r.git'), 'branch', '--list', 'drydock/*'), '')
    assert.equal(at.pulls.length, 1)
    assert.deepEqual(github.refused, [])
    await made.held.release()
  })
})
