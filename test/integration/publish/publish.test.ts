import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdir, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { DrydockError } from '../../../src/contract/failure.ts'
import type { SessionView } from '../../../src/contract/sessionView.ts'
import { openBareRepository } from '../../../src/runner/git/bareRepository.ts'
import { approve } from '../../../src/runner/publish/approve.ts'
import type { AutoMergePolicy } from '../../../src/runner/publish/autoMerge.ts'
import type { Gate } from '../../../src/runner/publish/newBase.ts'
import { publish } from '../../../src/runner/publish/publish.ts'
import type { Emit } from '../../../src/store/emit.ts'
import { deferred } from '../../support/deferred.ts'
import { opensFor, unmoved } from '../../support/gates.ts'
import { startGitHttp } from '../../support/git-http/start.ts'
import { addPull } from '../../support/github/operations.ts'
import { playGithub, startGithub } from '../../support/github/start.ts'
import { addRepository } from '../../support/github/world.ts'
import { git, hashFolder, temporaryFolder, writeFiles } from '../../support/madeRepository.ts'
import { type PublishableSession as Prepared, publishableSession } from '../../support/publishableSession.ts'

const prepare = (folder: string, remoteUrl: string, githubApiUrl?: string) =>
  publishableSession(folder, {
    remoteUrl,
    secrets: [token, password],
    ...(githubApiUrl === undefined ? {} : { githubApiUrl }),
  })

const coded = (code: string) => (error: unknown) =>
  error instanceof DrydockError && error.failure.code === code
const token = 'github-token-of-a-test'
const password = 'password-of-a-test'

/** A commit of somebody else on a branch of the remote. */
async function commitOn(folder: string, remote: string, branch: string, files: Record<string, string>) {
  const work = join(folder, `work-${Math.random()}`)
  await git(folder, 'clone', '-q', '--branch', branch, remote, work)
  await writeFiles(work, files)
  await git(work, 'add', '--all')
  await git(work, 'commit', '-q', '-m', 'By somebody else')
  await git(work, 'push', '-q', 'origin', branch)
  return git(work, 'rev-parse', 'HEAD')
}

async function publishNow(
  { held, root, patchText }: Prepared,
  more: {
    token?: string
    view?: SessionView
    env?: Record<string, string>
    silentMs?: number
    signal?: AbortSignal
    anyway?: boolean
    tell?: boolean
    fork?: boolean
    gate?: Gate
    autoMerge?: AutoMergePolicy
    emit?: Emit
  } = {},
) {
  if (held.view().approval === null) {
    held.log.emit(approve(held.view(), { acknowledged: [], withoutJudge: false, unverified: false }))
  }
  const env = { PATH: process.env.PATH, GIT_DIR: '/nowhere', GIT_INDEX_FILE: '/nowhere/index', ...more.env }
  return publish({
    view: more.view ?? held.view(),
    patchText,
    repository: await openBareRepository({ dir: join(held.folder, 'repo.git'), source: root, env }),
    artifacts: held.log.artifacts,
    emit: more.emit ?? held.log.emit,
    env,
    tokens: { github: more.token },
    gate: more.gate ?? unmoved,
    now: new Date('2026-02-03T04:05:06Z'),
    autoMerge: more.autoMerge,
    ...(more.anyway === true ? { anyway: true } : {}),
    ...(more.tell === true ? { tell: true } : {}),
    ...(more.fork === true ? { fork: true } : {}),
    ...(more.silentMs === undefined ? {} : { silentMs: more.silentMs }),
    ...(more.signal === undefined ? {} : { signal: more.signal }),
  })
}

const remotesThatFail = [
  ['silent', 'silent', /said nothing for 2 s/],
  ['401', 401, /Authentication failed/],
  ['500', 500, /error: 500/],
  ['refused', 'refused', /Failed to connect|Connection refused|Couldn't connect/],
] as const

describe('publish', function () {
  this.timeout(60_000)

  it("pushes the approved commit to a fresh branch and opens the pull request, with the user's credentials", async () => {
    await using folder = await temporaryFolder()
    const remotes = join(folder.path, 'remotes')
    await using server = await startGitHttp(remotes, { user: 'grace', password })
    await using github = await startGithub(remotes, token)
    const prepared = await prepare(folder.path, `${server.url}/o/r.git`, github.url)
    const { root, held, base } = prepared
    await writeFiles(folder.path, {
      helper: { executable: `#!/bin/sh\necho username=grace\necho password=${password}\n` },
    })
    await git(root, 'config', 'credential.helper', join(folder.path, 'helper'))
    await writeFile(join(root, 'untracked'), 'x')
    const before = await hashFolder(root)
    const published = await publishNow(prepared, { token })
    assert.equal(await hashFolder(root), before)
    assert.equal(published.branch, 'drydock/left-pad-2.0.0')
    assert.equal(published.number, 1)
    const remote = join(remotes, 'o/r.git')
    assert.equal(await git(remote, 'rev-parse', 'drydock/left-pad-2.0.0^'), base)
    assert.equal(await git(remote, 'diff', '--name-only', base, published.commit), 'package.json')
    const log = await git(remote, 'log', '-1', '--format=%an <%ae>%n%B', published.commit)
    assert.match(log, /^Grace <grace@example.com>\nUpdate left-pad from 1.0.0 to 2.0.0\n/)
    assert.match(log, /Drydock-Patch: sha256:[0-9a-f]{64}/)
    assert.equal(held.view().branch, published.branch)
    assert.equal(held.view().pullRequest?.url, published.url)
    assert.equal((await held.log.artifacts.get(published.bodyDigest)).toString(), published.body)
    await assert.rejects(stat(join(folder.path, 'CANARY')))
    await held.release()
  })

  it('takes another name where the branch exists, and never changes one that does', async () => {
    await using folder = await temporaryFolder()
    await using server = await startGitHttp(join(folder.path, 'remotes'))
    const prepared = await prepare(folder.path, `${server.url}/o/r.git`)
    const remote = join(prepared.remotes, 'o/r.git')
    await git(remote, 'branch', 'drydock/left-pad-2.0.0', prepared.base)
    await assert.rejects(publishNow(prepared), coded('same-update-open'))
    const published = await publishNow(prepared, { anyway: true })
    assert.equal(published.branch, 'drydock/left-pad-2.0.0-2')
    assert.equal(published.title, 'Update left-pad from 1.0.0 to 2.0.0')
    assert.equal(await git(remote, 'rev-parse', 'drydock/left-pad-2.0.0'), prepared.base)
    assert.equal(published.url, undefined)
    assert.match(published.notes.join(), /by hand/)
    await prepared.held.release()
  })

  it('brings the change onto a base that has moved, behind the gate, and never pushes without', async () => {
    await using folder = await temporaryFolder()
    await using server = await startGitHttp(join(folder.path, 'remotes'))
    const prepared = await prepare(folder.path, `${server.url}/o/r.git`)
    const remote = join(prepared.remotes, 'o/r.git')
    const first = await commitOn(folder.path, remote, 'main', { 'b.js': 'theirs\n' })
    const shut: Gate = () => Promise.reject(new Error('shut'))
    await assert.rejects(publishNow(prepared, { gate: shut }), /shut/)
    assert.equal(await git(remote, 'branch', '--list', 'drydock/*'), '')
    let second = ''
    const open = opensFor(prepared)
    // While the checks ran it moved once more: that is checked as well.
    const moving: Gate = async (moved) => {
      const view = await open(moved)
      if (second === '') second = await commitOn(folder.path, remote, 'main', { 'c.js': 'more\n' })
      return view
    }
    const published = await publishNow(prepared, { gate: moving })
    assert.deepEqual(
      prepared.held.view().bases?.map(({ from, to }) => [from, to]),
      [
        [prepared.base, first],
        [first, second],
      ],
    )
    assert.equal(await git(remote, 'rev-parse', `${published.branch}^`), second)
    assert.equal(await git(remote, 'diff', '--name-only', second, published.branch), 'package.json')
    assert.match(published.notes.join(), /main moved from .* every run was made again there/)
    for (const sha of [prepared.base, first, second]) assert.ok(published.body.includes(sha), sha)
    await prepared.held.release()
  })

  it('gives up on a base that moves with each of its checks', async () => {
    await using folder = await temporaryFolder()
    await using server = await startGitHttp(join(folder.path, 'remotes'))
    const prepared = await prepare(folder.path, `${server.url}/o/r.git`)
    const remote = join(prepared.remotes, 'o/r.git')
    const open = opensFor(prepared)
    let moves = 0
    const move = () => commitOn(folder.path, remote, 'main', { 'b.js': `${++moves}\n` })
    await move()
    const restless: Gate = async (moved) => {
      const view = await open(moved)
      await move()
      return view
    }
    await assert.rejects(publishNow(prepared, { gate: restless }), coded('base-moved'))
    assert.equal(moves, 4)
    assert.equal(await git(remote, 'branch', '--list', 'drydock/*'), '')
    await prepared.held.release()
  })

  it('adds the new base to a branch that was pushed before, and leaves alone what others put there', async () => {
    await using folder = await temporaryFolder()
    const remotes = join(folder.path, 'remotes')
    await using server = await startGitHttp(remotes)
    await using github = await playGithub({ root: remotes, token })
    const prepared = await prepare(folder.path, `${server.url}/o/r.git`, github.url)
    const remote = join(remotes, 'o/r.git')
    github.fault = (_, { method, path }) =>
      method === 'POST' && path.endsWith('/pulls') ? { status: 422, body: { message: 'No' } } : undefined
    await assert.rejects(publishNow(prepared, { token }), coded('pull-request-failed'))
    github.fault = () => undefined
    const { commit: pushed } = prepared.held.view()
    const base = await commitOn(folder.path, remote, 'main', { 'b.js': 'theirs\n' })
    const published = await publishNow(prepared, { token, gate: opensFor(prepared) })
    assert.equal(await git(remote, 'log', '-1', '--format=%P', published.branch), `${pushed} ${base}`)
    assert.equal(await git(remote, 'diff', '--name-only', base, published.branch), 'package.json')
    assert.equal(github.world.repositories[0]?.pulls.length, 1)
    assert.deepEqual(github.refused, [])
    await prepared.held.release()
  })

  it('publishes nothing where both sides changed a file, or nothing is left to publish', async () => {
    await using folder = await temporaryFolder()
    await using server = await startGitHttp(join(folder.path, 'remotes'))
    const prepared = await prepare(folder.path, `${server.url}/o/r.git`)
    const { held } = prepared
    const remote = join(prepared.remotes, 'o/r.git')
    await commitOn(folder.path, remote, 'main', { 'package.json': '{"version":"3"}\n' })
    await assert.rejects(publishNow(prepared), coded('base-moved'))
    assert.deepEqual(
      [held.view().refusedBase?.kind, held.view().refusedBase?.reasons],
      ['conflict', ['package.json']],
    )
    await commitOn(folder.path, remote, 'main', { 'package.json': '{"version":"2"}\n' })
    await assert.rejects(publishNow(prepared), coded('base-moved'))
    assert.equal(held.view().refusedBase?.kind, 'nothing-left')
    assert.equal(await git(remote, 'branch', '--list', 'drydock/*'), '')
    await held.release()
  })

  it('brings commits along that the remote does not have, and says so', async () => {
    await using folder = await temporaryFolder()
    await using server = await startGitHttp(join(folder.path, 'remotes'))
    const remoteUrl = `${server.url}/o/r.git`
    const prepared = await publishableSession(folder.path, { remoteUrl, ahead: true })
    const published = await publishNow(prepared)
    assert.match(published.notes.join(), /was not in `main` at the remote: this branch brings/)
    const remote = join(prepared.remotes, 'o/r.git')
    assert.equal(await git(remote, 'rev-parse', `${published.branch}^`), prepared.base)
    await prepared.held.release()
  })

  for (const [what, below] of [
    ['whose history was written anew', false],
    ['that went on without commits which were never pushed', true],
  ] as const) {
    it(`takes no base ${what}: the change would be more than what was approved`, async () => {
      await using folder = await temporaryFolder()
      await using server = await startGitHttp(join(folder.path, 'remotes'))
      const prepared = await publishableSession(folder.path, {
        ...{ remoteUrl: `${server.url}/o/r.git`, ahead: below },
      })
      const remote = join(prepared.remotes, 'o/r.git')
      const tree = await git(remote, 'rev-parse', 'main^{tree}')
      const parents = below ? ['-p', 'main'] : []
      const anew = await git(remote, 'commit-tree', tree, ...parents, '-m', 'anew')
      await git(remote, 'update-ref', 'refs/heads/main', anew)
      await assert.rejects(publishNow(prepared), coded('base-moved'))
      assert.equal(prepared.held.view().refusedBase?.kind, 'rewritten')
      assert.equal(await git(remote, 'branch', '--list', 'drydock/*'), '')
      await prepared.held.release()
    })
  }

  it('goes into the default branch where the session’s own was renamed, behind the gate where that is further', async () => {
    await using folder = await temporaryFolder()
    const remotes = join(folder.path, 'remotes')
    await using server = await startGitHttp(remotes)
    await using github = await playGithub({ root: remotes, token })
    const prepared = await prepare(folder.path, `${server.url}/o/r.git`, github.url)
    const remote = join(remotes, 'o/r.git')
    await git(remote, 'branch', '-m', 'main', 'trunk')
    const base = await commitOn(folder.path, remote, 'trunk', { 'b.js': 'theirs\n' })
    const published = await publishNow(prepared, { token, gate: opensFor(prepared) })
    assert.match(published.notes.join('\n'), /`main` is not at the remote any more: this goes into `trunk`/)
    assert.equal(await git(remote, 'rev-parse', `${published.branch}^`), base)
    assert.equal(github.world.repositories[0]?.pulls[0]?.base, 'trunk')
    assert.deepEqual(github.refused, [])
    await prepared.held.release()
  })

  it('goes on where it stopped when the pull request failed', async () => {
    await using folder = await temporaryFolder()
    const remotes = join(folder.path, 'remotes')
    await using server = await startGitHttp(remotes)
    await using github = await playGithub({ root: remotes, token })
    const prepared = await prepare(folder.path, `${server.url}/o/r.git`, github.url)
    await assert.rejects(publishNow(prepared, { token: 'wrong-token' }), coded('host-refused'))
    assert.equal(prepared.held.view().branch, null)
    github.fault = (_, { method, path }) =>
      method === 'POST' && path.endsWith('/pulls') ? { status: 422, body: { message: 'No' } } : undefined
    await assert.rejects(publishNow(prepared, { token }), coded('pull-request-failed'))
    github.fault = () => undefined
    const { commit, branch } = prepared.held.view()
    const first = await publishNow(prepared, { token })
    assert.deepEqual([first.commit, first.branch], [commit, branch])
    const second = await publishNow(prepared, { token })
    assert.deepEqual([second.number, second.branch], [1, branch])
    await prepared.held.release()
  })

  it('refuses an approval of something else, a remote that moved, and wrong credentials', async () => {
    await using folder = await temporaryFolder()
    await using server = await startGitHttp(join(folder.path, 'remotes'), { user: 'grace', password })
    const prepared = await prepare(folder.path, `${server.url}/o/r.git`)
    const { held, root } = prepared
    held.log.emit(approve(held.view(), { acknowledged: [], withoutJudge: false, unverified: false }))
    const view = held.view()
    assert.ok(view.approval !== null)
    const voids: readonly Partial<SessionView>[] = [
      { approval: null },
      { approval: { ...view.approval, digest: '0'.repeat(64) } },
      { approval: { ...view.approval, baseCommit: '0'.repeat(40) } },
    ]
    for (const change of voids) {
      await assert.rejects(publishNow(prepared, { view: { ...view, ...change } }), coded('approval-void'))
    }
    await assert.rejects(
      publishNow({ ...prepared, patchText: `${prepared.patchText}\n` }),
      coded('approval-void'),
    )
    const late = { code: 'late', message: 'late', severity: 'acknowledge' as const, acknowledged: false }
    await assert.rejects(
      publishNow(prepared, { view: { ...view, warnings: [late] } }),
      coded('warnings-not-acknowledged'),
    )
    await assert.rejects(publishNow(prepared), coded('push-failed'))
    await git(root, 'remote', 'set-url', 'origin', 'https://elsewhere.example.com/o/r.git')
    await assert.rejects(publishNow(prepared), coded('push-failed'))
    await git(root, 'remote', 'remove', 'origin')
    await assert.rejects(publishNow(prepared), coded('no-remote'))
    await held.release()
  })

  it("uses credentials in the remote's URL without writing them anywhere", async () => {
    await using folder = await temporaryFolder()
    await using server = await startGitHttp(join(folder.path, 'remotes'), { user: 'grace', password })
    const prepared = await prepare(
      folder.path,
      `${server.url.replace('://', `://grace:${password}@`)}/o/r.git`,
    )
    assert.equal(prepared.held.task.repository.remote?.url, `${server.url}/o/r.git`)
    await publishNow(prepared)
    await prepared.held.release()
    const found = await git(folder.path, 'grep', '--no-index', '-l', '-a', password, '--', 'sessions').catch(
      () => 'nothing',
    )
    assert.equal(found, 'nothing')
  })

  it('leaves one branch where the runner died between the push and its event', async () => {
    await using folder = await temporaryFolder()
    await using server = await startGitHttp(join(folder.path, 'remotes'))
    const prepared = await prepare(folder.path, `${server.url}/o/r.git`)
    const { held, root, patchText } = prepared
    held.log.emit(approve(held.view(), { acknowledged: [], withoutJudge: false, unverified: false }))
    const died = publish({
      view: held.view(),
      patchText,
      repository: await openBareRepository({ dir: join(held.folder, 'repo.git'), source: root }),
      artifacts: held.log.artifacts,
      emit: (event) => {
        if (event.type === 'branch.pushed') throw new Error('killed')
        held.log.emit(event)
      },
      env: { PATH: process.env.PATH },
      gate: unmoved,
      now: new Date(),
    })
    await assert.rejects(died, /killed/)
    assert.equal(held.view().branch, null)
    const published = await publishNow(prepared)
    const branches = await git(join(prepared.remotes, 'o/r.git'), 'branch', '--list', 'drydock/*')
    assert.equal(branches.trim(), published.branch)
    assert.deepEqual([held.view().branch, held.view().pushing], [published.branch, undefined])
    await held.release()
  })

  it('leaves one branch and one pull request on the newest base, whichever event it died before or after', async () => {
    await using folder = await temporaryFolder()
    const remotes = join(folder.path, 'remotes')
    await using server = await startGitHttp(remotes)
    await using github = await playGithub({ root: remotes, token })
    const prepared = await prepare(folder.path, `${server.url}/o/r.git`, github.url)
    const { held } = prepared
    const remote = join(remotes, 'o/r.git')
    const died: string[] = []
    let base = prepared.base
    for (const type of ['base.taken', 'branch.pushing', 'branch.pushed', 'pullRequest.opened'] as const) {
      for (const written of [false, true]) {
        base = await commitOn(folder.path, remote, 'main', { 'b.js': `${died.length}\n` })
        const emit: Emit = (event) => {
          if (event.type !== type || written) held.log.emit(event)
          if (event.type !== type) return
          died.push(type)
          throw new Error('killed')
        }
        const gate = opensFor({ held: { ...held, log: { ...held.log, emit } } })
        await assert.rejects(publishNow(prepared, { token, emit, gate }), /killed/)
        const open = github.world.repositories.flatMap(({ pulls }) => pulls)
        assert.ok(open.length <= 1, JSON.stringify(open))
      }
    }
    assert.equal(died.length, 8)
    const published = await publishNow(prepared, { token, gate: opensFor(prepared) })
    assert.equal(github.world.repositories[0]?.pulls.length, 1)
    assert.equal((await git(remote, 'branch', '--list', 'drydock/*')).trim(), published.branch)
    assert.equal(held.view().patch?.baseCommit, base)
    assert.equal(await git(remote, 'merge-base', base, published.branch), base)
    assert.equal(await git(remote, 'diff', '--name-only', base, published.branch), 'package.json')
    assert.deepEqual(github.refused, [])
    await held.release()
  })

  it('looks at the host before it pushes: what is archived, renamed, ruled or on its way already', async () => {
    await using folder = await temporaryFolder()
    const remotes = join(folder.path, 'remotes')
    await using server = await startGitHttp(remotes)
    await using github = await playGithub({ root: remotes, token })
    const prepared = await prepare(folder.path, `${server.url}/o/r.git`, github.url)
    const remote = join(remotes, 'o/r.git')
    const branches = () => git(remote, 'branch', '--list', 'drydock/*')
    const at = addRepository(github.world, 'o', 'r')
    at.archived = true
    await assert.rejects(publishNow(prepared, { token }), coded('host-refused'))
    at.archived = false
    const common = { title: 'Bump left-pad from 1.0.0 to 2.0.0', base: 'main', author: 'dependabot[bot]' }
    addPull(at, { ...common, head: 'o:dependabot/npm_and_yarn/left-pad-2.0.0' })
    const ours = addPull(at, { ...common, author: 'ada', head: 'o:drydock/left-pad-2.0.0' })
    await assert.rejects(publishNow(prepared, { token }), coded('same-update-open'))
    assert.equal(await branches(), '')
    ours.state = 'closed'
    at.rules.push('required_signatures')
    const published = await publishNow(prepared, { token, tell: true })
    const notes = published.notes.join('\n')
    assert.match(notes, /Rules of main at the host: commits must be signed/)
    assert.match(notes, /Dependabot has an open pull request for the same update/)
    assert.deepEqual(at.comments, [
      {
        ...{ number: 1, author: 'grace' },
        body: `${published.url} makes the same update, with what it breaks repaired and verified.`,
      },
    ])
    assert.deepEqual(published.signature, { verified: false, reason: 'unsigned' })
    assert.deepEqual(github.refused, [])
    await prepared.held.release()
  })

  it('publishes from a fork where the account may not push', async () => {
    await using folder = await temporaryFolder()
    const remotes = join(folder.path, 'remotes')
    await using server = await startGitHttp(remotes)
    await using github = await playGithub({ root: remotes, token })
    const prepared = await prepare(folder.path, `${server.url}/o/r.git`, github.url)
    await mkdir(join(remotes, 'grace'))
    addRepository(github.world, 'o', 'r').mayPush = false
    const published = await publishNow(prepared, { token, fork: true })
    assert.match(published.notes.join('\n'), /may not push there: `--fork`/)
    const [pull] = github.world.repositories.flatMap(({ pulls }) => pulls)
    assert.equal(pull?.head, `grace:${published.branch}`)
    assert.equal(await git(join(remotes, 'o/r.git'), 'branch', '--list', 'drydock/*'), '')
    assert.equal(await git(join(remotes, 'grace/r.git'), 'rev-parse', published.branch), published.commit)
    assert.equal((await publishNow(prepared, { token, fork: true })).number, published.number)
    assert.deepEqual(github.refused, [])
    await prepared.held.release()
  })

  for (const lets of [true, false]) {
    it(`${lets ? 'asks the host to merge by itself where all conditions hold' : 'names each condition that fails, and asks nothing'}`, async () => {
      await using folder = await temporaryFolder()
      const remotes = join(folder.path, 'remotes')
      await using server = await startGitHttp(remotes)
      await using github = await playGithub({ root: remotes, token })
      const prepared = await publishableSession(folder.path, {
        ...{ remoteUrl: `${server.url}/o/r.git`, githubApiUrl: github.url, secrets: [token] },
        files: lets ? { '.drydock.json': '{"pullRequest":{"autoMerge":"minor"}}' } : {},
      })
      const { log } = prepared.held
      const [from, to] = ['1.0.0', '1.0.1']
      const moves = [{ name: 'left-pad', from, to }]
      if (lets) log.emit({ type: 'update.planned', manifests: ['package.json'], from, to, moves })
      log.emit({ type: 'why.found', released: { to: '2026-01-02T00:00:00Z' } })
      const at = addRepository(github.world, 'o', 'r')
      at.allowAutoMerge = true
      at.requiredChecks.push('build')
      const published = await publishNow(prepared, { token, autoMerge: { upTo: 'minor', days: 7 } })
      const [pull] = at.pulls
      assert.equal(pull?.autoMerge, lets ? 'merge' : undefined)
      assert.deepEqual(prepared.held.view().pullRequest?.autoMerge, lets ? { on: true } : undefined)
      const words = lets
        ? /asked to merge this by itself once its required checks have passed/
        : /Not merged by itself: the repository’s own file .*; it is not known to be a minor update\./
      assert.match(pull?.body ?? '', words)
      assert.match(published.notes.join('\n'), words)
      assert.deepEqual(github.refused, [])
      await prepared.held.release()
    })
  }

  for (const [name, answer, words] of remotesThatFail) {
    it(`says in git's words what the remote did: ${name}`, async () => {
      await using folder = await temporaryFolder()
      await using remote = await standIn(answer)
      const prepared = await prepare(folder.path, `http://grace:secret-of-a-url@${remote.address}/o/r.git`)
      await assert.rejects(publishNow(prepared, { silentMs: 1500 }), (error: unknown) => {
        assert.ok(error instanceof DrydockError && error.failure.code === 'push-failed')
        assert.match(error.failure.message, words)
        assert.doesNotMatch(JSON.stringify(error.failure), /secret-of-a-url/)
        return true
      })
      await prepared.held.release()
    })
  }

  it('is ended by a cancellation while the remote is silent', async () => {
    await using folder = await temporaryFolder()
    await using remote = await standIn('silent')
    const prepared = await prepare(folder.path, `http://${remote.address}/o/r.git`)
    const cancel = new AbortController()
    void remote.asked.then(() => cancel.abort())
    const started = performance.now()
    await assert.rejects(publishNow(prepared, { signal: cancel.signal }), coded('cancelled'))
    assert.ok(performance.now() - started < 10_000)
    await prepared.held.release()
  })
})

/** A remote that answers everything with a status, with silence, or not at all. */
async function standIn(answer: number | 'silent' | 'refused') {
  const asked = deferred<void>()
  const server = createServer((_, response) => {
    asked.resolve()
    if (typeof answer === 'number')
      response.writeHead(answer, { 'www-authenticate': 'Basic realm="git"' }).end('no')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const close = async () => {
    if (!server.listening) return
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  }
  if (answer === 'refused') await close()
  return { address: `127.0.0.1:${port}`, asked: asked.promise, [Symbol.asyncDispose]: close }
}
