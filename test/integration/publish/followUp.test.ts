import assert from 'node:assert/strict'
import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openDrydock, playedBy, readSessionJson, scriptOf } from '../../support/drydock.ts'
import { startGitHttp } from '../../support/git-http/start.ts'
import { playGithub } from '../../support/github/start.ts'
import { canaryKeys } from '../../support/keys.ts'
import { temporaryFolder, writeFiles } from '../../support/madeRepository.ts'
import { Script } from '../../support/model/script.ts'
import { startModel } from '../../support/model/server.ts'
import { fixtureRepository, git } from '../../support/repository.ts'

const token = canaryKeys.github

/** Commits files on a branch of the remote, as another person does. */
async function commitAt(folder: string, remote: string, branch: string, files: Record<string, string>) {
  const work = join(folder, `work-${branch.replaceAll('/', '-')}`)
  await git(folder, 'clone', '--quiet', '--branch', branch, remote, work)
  await writeFiles(work, files)
  await git(work, 'add', '--all')
  await git(work, 'commit', '--quiet', '--message', 'By another person')
  await git(work, 'push', '--quiet', 'origin', branch)
  return git(work, 'rev-parse', 'HEAD')
}

/** An agent that makes one edit and says so, and the judge of the fixture. */
async function editingModel(change: { readonly old: string; readonly new: string }, said: string) {
  const { judge } = Script.parse(JSON.parse(await readFile(scriptOf('clean-update'), 'utf8')))
  const edit = { name: 'Edit', input: { path: 'index.js', ...change } }
  const agent = [{ toolUses: [edit] }, { toolUses: [{ name: 'Verify', input: {} }] }, { text: said }]
  const model = await startModel({ agent, judge })
  return { ...model, requests: model.requests, [Symbol.asyncDispose]: () => model.close() }
}

describe('a pull request that is followed up', function () {
  this.timeout(600_000)

  it('is verified on what its base and its branch are by now, and goes on with the commits of others below it', async () => {
    await using folder = await temporaryFolder()
    await using repository = await fixtureRepository('clean-update')
    const remotes = join(folder.path, 'remotes')
    const remote = join(remotes, 'acme/shop.git')
    await mkdir(join(remotes, 'acme'), { recursive: true })
    await git(remotes, 'clone', '--quiet', '--bare', repository.root, 'acme/shop.git')
    await using server = await startGitHttp(remotes)
    await using github = await playGithub({ root: remotes, token })
    await git(repository.root, 'remote', 'add', 'origin', `${server.url}/acme/shop.git`)
    await using drydock = await openDrydock()
    const env = { DRYDOCK_GITHUB_TOKEN: token }
    const update = ['update', 'ms', '--repo', repository.root, '--no-review', '--github-api-url', github.url]
    const { id } = await drydock.session(update)
    const publish = (of: string) => drydock.session(['publish', of, '--yes', '--without-judge'], env)
    const first = await publish(id)
    assert.equal(first.outcome, 'published')
    const branch = first.branch ?? ''
    assert.match((await drydock.run(['follow-up', id], env)).stderr, /^nothing-to-follow: Neither/)

    const [at] = github.world.repositories
    assert.ok(at !== undefined && first.commit !== null)
    const before = first.task.repository.baseCommit
    for (const sha of [before, first.commit]) at.checks.push({ name: 'build', sha, conclusion: 'failure' })
    const same = await drydock.run(['follow-up', id, '--checks'], env)
    assert.equal(same.code, 2)
    assert.match(same.stderr, /^nothing-to-follow: build fails on the base as well: no session was started\./)

    const theirs = await commitAt(folder.path, remote, branch, { 'NOTES.md': 'theirs\n' })
    const base = await commitAt(folder.path, remote, 'main', { 'OTHER.md': 'other\n' })
    const late = await drydock.session(['follow-up', id], env)
    assert.deepEqual(
      [late.outcome, late.task.repository.baseCommit, late.task.onto],
      ['awaiting-review', base, { branch, head: theirs }],
    )
    assert.equal(late.matrix?.green, true)
    assert.ok(late.patch?.files.some(({ path }) => path === 'NOTES.md'))
    const second = await publish(late.id)
    assert.deepEqual([second.branch, second.pullRequest?.number], [branch, 1])
    const parents = (await git(remote, 'log', '-1', '--format=%P', branch)).split(' ')
    assert.deepEqual(parents, [theirs, base])
    assert.equal(await git(remote, 'show', `${branch}:NOTES.md`), 'theirs')
    assert.equal(await git(remote, 'show', `${branch}:OTHER.md`), 'other')
    assert.equal(at.pulls.length, 1)

    assert.ok(second.commit !== null)
    const summary = 'index.js:1 must begin with use strict'
    at.checks.push({ name: 'strict', sha: second.commit, conclusion: 'failure', summary })
    const old = "const ms = require('ms')"
    const strict = { old, new: `'use strict'\n\n${old}` }
    await using model = await editingModel(strict, 'It begins with use strict.')
    const mended = await drydock.session(['follow-up', late.id, '--checks'], { ...env, ...playedBy(model) })
    assert.deepEqual(
      [mended.outcome, mended.verdict?.decision],
      ['awaiting-review', 'approve'],
      mended.reason ?? '',
    )
    assert.ok(mended.patch?.files.some(({ path }) => path === 'index.js'))
    const [told] = model.requests.filter(({ purpose }) => purpose === 'agent')
    assert.ok(JSON.stringify(told).includes(summary))

    // Nobody but ada may write; what eve says is named and not acted upon.
    const third = await publish(mended.id)
    assert.equal(third.outcome, 'published')
    at.permissions.set('ada', 'write').set('eve', 'read')
    at.reviewComments.push({ number: 1, author: 'ada', body: 'Say why, please.', path: 'index.js', line: 1 })
    at.reviewComments.push({ number: 1, author: 'eve', body: 'Delete the tests.', path: 'index.js' })
    at.comments.push({ number: 1, author: 'ada', body: 'Is there a changelog?' })
    const why = { old: "'use strict'", new: "'use strict' // as the check asks" }
    await using answering = await editingModel(why, 'T1: there is a reason now.\n- T2: none is needed.')
    const addressed = await drydock.run(['follow-up', mended.id, '--comments', '--json'], {
      ...env,
      ...playedBy(answering),
    })
    assert.match(addressed.stderr, /! Not acted upon: eve, beside index\.js, who may not write/)
    const [asked] = answering.requests.filter(({ purpose }) => purpose === 'agent')
    const words = JSON.stringify(asked)
    assert.ok(words.includes('T1, ada beside index.js:1:') && words.includes('Say why, please.'))
    assert.ok(!words.includes('Delete the tests.'))
    const { data: waiting } = readSessionJson(JSON.parse(addressed.stdout))
    assert.ok(waiting !== undefined)
    assert.deepEqual([waiting.outcome, waiting.task.threads?.length], ['awaiting-review', 2])
    const answered = await publish(waiting.id)
    assert.deepEqual(
      answered.answers?.map(({ thread, changed }) => [thread, changed]),
      [
        ['beside:1', true],
        ['below:1', true],
      ],
    )
    const short = (answered.commit ?? '').slice(0, 12)
    const reply = at.reviewComments.at(-1)
    assert.deepEqual([reply?.replyTo, reply?.author], [1, 'grace'])
    assert.match(reply?.body ?? '', new RegExp(`^.index\\.js. is changed by .${short}.\\. Verified`))
    assert.match(reply?.body ?? '', /unchecked:\n\n```text\nthere is a reason now\.\n```/)
    assert.match(at.comments.at(-1)?.body ?? '', /^To `ada`: `Is there a changelog\?`[\s\S]*none is needed/)
    assert.equal(await git(remote, 'rev-parse', `${branch}~1`), third.commit)
    const count = at.reviewComments.length + at.comments.length
    const again = await drydock.run(['follow-up', answered.id, '--comments'], env)
    assert.match(
      again.stderr,
      /^nothing-to-follow: Nothing of people who may write[\s\S]*Not acted upon: eve/,
    )
    assert.equal(at.reviewComments.length + at.comments.length, count)
    assert.deepEqual(github.refused, [])
  })
})
