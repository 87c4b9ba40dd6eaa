import assert from 'node:assert/strict'
import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { SessionView } from '../../../src/contract/sessionView.ts'
import { type Drydock, openDrydock, playedBy, scriptOf } from '../../support/drydock.ts'
import { startGitHttp } from '../../support/git-http/start.ts'
import { playGithub } from '../../support/github/start.ts'
import { inTurn } from '../../support/inTurn.ts'
import { canaryKeys } from '../../support/keys.ts'
import { temporaryFolder, writeFiles } from '../../support/madeRepository.ts'
import { Script } from '../../support/model/script.ts'
import { startModel } from '../../support/model/server.ts'
import { fixtureRepository, folderDigest, git } from '../../support/repository.ts'

const token = canaryKeys.github

/** A repository with a remote over HTTP and a host, and the command line to publish with. */
async function workshop(more: Record<string, string> = {}) {
  const stack = new AsyncDisposableStack()
  const folder = stack.use(await temporaryFolder())
  const repository = stack.use(await fixtureRepository('clean-update'))
  if (Object.keys(more).length > 0) {
    await writeFiles(repository.root, more)
    await git(repository.root, 'add', '--all')
    await git(repository.root, 'commit', '--quiet', '--message', 'More')
  }
  const remotes = join(folder.path, 'remotes')
  await mkdir(join(remotes, 'acme'), { recursive: true })
  await git(remotes, 'clone', '--quiet', '--bare', repository.root, 'acme/shop.git')
  const server = stack.use(await startGitHttp(remotes))
  const github = stack.use(await playGithub({ root: remotes, token }))
  await git(repository.root, 'remote', 'add', 'origin', `${server.url}/acme/shop.git`)
  const drydock = stack.use(await openDrydock())
  const remote = join(remotes, 'acme/shop.git')
  const env = { DRYDOCK_GITHUB_TOKEN: token }
  const { root } = repository
  return {
    ...{ drydock, github, remote, root, env },
    update: (played: NodeJS.ProcessEnv = {}) =>
      drydock.session(
        ['update', 'ms', '--repo', root, '--no-review', '--github-api-url', github.url],
        played,
      ),
    /** Commits files on a branch, as another person does. */
    commitAt: async (branch: string, files: Record<string, string>) => {
      const work = join(folder.path, `work-${Math.random()}`)
      await git(folder.path, 'clone', '--quiet', '--branch', branch, remote, work)
      await writeFiles(work, files)
      await git(work, 'add', '--all')
      await git(work, 'commit', '--quiet', '--message', 'By another person')
      await git(work, 'push', '--quiet', 'origin', branch)
      return git(work, 'rev-parse', 'HEAD')
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
}

/** An agent that makes one edit and has it verified, and the judge of the fixture. */
async function modelThatEdits(old: string, changed: string) {
  const { judge } = Script.parse(JSON.parse(await readFile(scriptOf('clean-update'), 'utf8')))
  const edit = { name: 'Edit', input: { path: 'index.js', old, new: changed } }
  const agent = [
    { toolUses: [edit] },
    { toolUses: [{ name: 'Verify', input: {} }] },
    { text: 'Weeks are refused, as they were.' },
  ]
  const model = await startModel({ agent, judge })
  return { ...model, [Symbol.asyncDispose]: () => model.close() }
}

const publishing = (drydock: Drydock, id: string, env: NodeJS.ProcessEnv) =>
  drydock.run(['publish', id, '--yes', '--without-judge'], env)

const shown = async (drydock: Drydock, id: string): Promise<SessionView> => drydock.session(['show', id])

const weeks = `const test = require('node:test')
const assert = require('node:assert/strict')
const { timeLeft } = require('..')

test('takes no weeks', () => {
  assert.throws(() => timeLeft('1w', 0, 0))
})
`
const line = 'const left = ms(limit) - (now - start)'
const mended = `if (/w/.test(limit)) throw new RangeError(limit)\n  ${line}`

describe('publishing on a base that has moved', function () {
  this.timeout(900_000)

  inTurn(0, 3)('checks the change on the new base first, and says both in the pull request', async () => {
    await using at = await workshop()
    const { drydock, remote, root, env, github } = at
    const { id, task } = await at.update()
    const before = await folderDigest(root)
    const base = await at.commitAt('main', { 'OTHER.md': 'other\n' })
    const ended = await publishing(drydock, id, env)
    assert.equal(ended.code, 0, ended.stderr)
    assert.match(ended.stdout, new RegExp(`… on ${base.slice(0, 12)}: Build, test, lint: with the update`))
    const view = await shown(drydock, id)
    assert.equal(view.outcome, 'published')
    assert.deepEqual(
      view.bases?.map(({ branch, from, to }) => ({ branch, from, to })),
      [{ branch: 'main', from: task.repository.baseCommit, to: base }],
    )
    assert.deepEqual([view.task.repository.baseCommit, view.patch?.baseCommit], [base, base])
    assert.equal(await git(remote, 'log', '-1', '--format=%P', view.branch ?? ''), base)
    assert.equal(await git(remote, 'show', `${view.branch}:OTHER.md`), 'other')
    const [pull] = github.world.repositories[0]?.pulls ?? []
    for (const sha of [base, task.repository.baseCommit]) assert.ok(pull?.body.includes(sha.slice(0, 12)))
    assert.equal(await folderDigest(root), before)
    assert.deepEqual(github.refused, [])
    const folder = join(drydock.home, 'evidence')
    assert.equal((await drydock.run(['evidence', id, '--out', folder])).code, 0)
    const clean = join(drydock.home, 'clean')
    await git(drydock.home, 'clone', '--quiet', remote, clean)
    const again = await drydock.run(['verify-evidence', folder, '--repo', clean])
    assert.equal(again.code, 0, again.stdout + again.stderr)
  })

  inTurn(1, 3)(
    'publishes nothing where the base does not take it; a follow-up repairs it through the same gate',
    async () => {
      await using at = await workshop()
      const { drydock, remote, env, github } = at
      const { id } = await at.update()
      const branches = () => git(remote, 'branch', '--list', 'drydock/*')
      const base = await at.commitAt('main', { 'test/weeks.test.js': weeks })
      const red = await publishing(drydock, id, env)
      assert.equal(red.code, 2)
      assert.match(
        red.stderr,
        /^base-moved: main has moved to [0-9a-f]{12} .* not green on it: .*takes no weeks/,
      )
      assert.match(red.stderr, new RegExp(`drydock follow-up ${id}`))
      const refused = await shown(drydock, id)
      assert.deepEqual([refused.outcome, refused.refusedBase?.kind], ['awaiting-review', 'red'])
      assert.equal(refused.matrix?.green, true)
      assert.equal(await branches(), '')
      await using model = await modelThatEdits(line, mended)
      const second = await drydock.session(['follow-up', id], { ...env, ...playedBy(model) })
      assert.deepEqual(
        [second.outcome, second.verdict?.decision],
        ['awaiting-review', 'approve'],
        second.reason ?? '',
      )
      assert.ok(second.patch?.files.some(({ path }) => path === 'index.js'))
      assert.equal((await publishing(drydock, second.id, env)).code, 0)
      const { branch } = await shown(drydock, second.id)
      assert.equal(await git(remote, 'log', '-1', '--format=%P', branch ?? ''), base)
      assert.deepEqual(github.refused, [])
    },
  )

  inTurn(2, 3)(
    'gives a change that git cannot bring onto the base to the agent, and pushes what came of that',
    async () => {
      await using at = await workshop({ 'test/weeks.test.js': weeks })
      const { drydock, remote, env, github } = at
      await using model = await modelThatEdits(line, mended)
      const first = await at.update(playedBy(model))
      assert.deepEqual(
        [first.outcome, first.verdict?.decision],
        ['awaiting-review', 'approve'],
        first.reason ?? '',
      )
      // The same line by somebody else.
      const index = await git(remote, 'show', 'main:index.js')
      const theirs = 'const left = ms(limit) - Math.max(0, now - start)'
      const base = await at.commitAt('main', { 'index.js': `${index.replace(line, theirs)}\n` })
      const conflict = await publishing(drydock, first.id, env)
      assert.match(conflict.stderr, /^base-moved: main has moved to .* both sides changed index\.js/)
      assert.equal(await git(remote, 'branch', '--list', 'drydock/*'), '')
      await using again = await modelThatEdits(theirs, mended.replace(line, theirs))
      const second = await drydock.session(['follow-up', first.id], { ...env, ...playedBy(again) })
      assert.deepEqual(
        [second.outcome, second.verdict?.decision],
        ['awaiting-review', 'approve'],
        second.reason ?? '',
      )
      assert.equal((await publishing(drydock, second.id, env)).code, 0)
      const { branch } = await shown(drydock, second.id)
      assert.equal(await git(remote, 'log', '-1', '--format=%P', branch ?? ''), base)
      const pushed = await git(remote, 'show', `${branch}:index.js`)
      assert.match(pushed, /RangeError[\s\S]*Math\.max/)
      assert.doesNotMatch(pushed, /<<<<|>>>>/)
      assert.deepEqual(github.refused, [])
    },
  )
})
