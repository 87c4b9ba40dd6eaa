import assert from 'node:assert/strict'
import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Failure } from '../../../src/contract/failure.ts'
import { type Drydock, openDrydock } from '../../support/drydock.ts'
import { fixtureRepository, git, type TestRepository } from '../../support/repository.ts'

describe('input that cannot be worked with', () => {
  let drydock: Drydock
  let repository: TestRepository
  before(async () => {
    drydock = await openDrydock()
    repository = await fixtureRepository('clean-update')
  })
  after(async () => {
    await drydock[Symbol.asyncDispose]()
    await repository[Symbol.asyncDispose]()
  })

  /** Two lines, `code: what happened` and `Next: what to do`, and an exit code that is not 0. */
  async function refused(args: readonly string[], code: string, env?: NodeJS.ProcessEnv): Promise<void> {
    const ended = await drydock.run(args, env)
    assert.notEqual(ended.code, 0, ended.stdout)
    const text = ended.stderr + ended.stdout
    assert.match(text, new RegExp(`^${code}: .+\\nNext: .+$`, 'm'))
    assert.doesNotMatch(text, /\n\s+at .+:\d+:\d+/, 'no stack trace')
  }

  it('not a repository', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'drydock-empty-'))
    await refused(['update', 'ms', '--repo', folder], 'not-a-repository')
    await git(folder, 'init', '--quiet')
    await refused(['update', 'ms', '--repo', folder], 'empty-repository')
    await writeFile(join(folder, 'readme.txt'), 'nothing to update\n')
    await git(folder, 'add', '--all')
    await git(folder, 'commit', '--quiet', '--message', 'No manifest')
    await refused(['update', 'ms', '--repo', folder, '--no-review'], 'no-manifest')
    await rm(folder, { recursive: true })
  })

  it('no such package, no such version, not a dependency', async () => {
    const at = ['--repo', repository.root, '--no-review']
    await refused(['update', 'ms@99.0.0', ...at], 'no-such-version')
    await refused(['update', 'left-pad', ...at], 'not-a-dependency')
    await refused(['update', '@', ...at], 'bad-usage')
  })

  it('told as JSON where that is asked for', async () => {
    const { stdout, stderr, code } = await drydock.run(['show', '20260101-000000-nobody', '--json'])
    const { failure } = JSON.parse(stdout) as { readonly failure: Failure }
    assert.deepEqual([failure.code, code], ['no-such-session', 2])
    assert.ok(stderr.startsWith(`no-such-session: ${failure.message}\nNext: ${failure.next}\n`), stderr)
  })

  it('already up to date ends well, by its own name', async () => {
    const view = await drydock.session(['update', 'ms@2.0.0', '--repo', repository.root, '--no-review'])
    assert.equal(view.outcome, 'up-to-date')
  })

  it('no engine', async () => {
    await refused(['update', 'ms', '--repo', repository.root, '--no-review'], 'engine-not-found', {
      DOCKER_HOST: 'unix:///nonexistent/docker.sock',
    })
  })

  it('no key when an agent turn is needed', async () => {
    await using breaking = await fixtureRepository('failing-baseline')
    const ended = await drydock.run(['update', 'nanoid@3', '--repo', breaking.root, '--no-review'])
    assert.equal(ended.code, 4)
    assert.match(ended.stdout, /^repair-needs-key: .+\nNext: .+$/m)
  })

  it('a damaged log hides no other session, and keeps no run from starting', async () => {
    await using own = await openDrydock()
    const good = await own.session(['update', 'ms@2.0.0', '--repo', repository.root, '--no-review'])
    const bad = await own.session(['update', 'ms@2.0.0', '--repo', repository.root, '--no-review'])
    await appendFile(join(own.home, 'sessions', bad.id, 'events.jsonl'), '{"v":1}\n')
    const listed = JSON.parse((await own.run(['sessions', '--json'])).stdout) as {
      id: string
      failure: { code: string } | null
    }[]
    assert.deepEqual(
      new Map(listed.map(({ id, failure }) => [id, failure?.code])),
      new Map([
        [bad.id, 'bad-log'],
        [good.id, undefined],
      ]),
    )
    const third = await own.session(['update', 'ms@2.0.0', '--repo', repository.root, '--no-review'])
    assert.equal(third.outcome, 'up-to-date')
  })

  it('a session that is not there, and one that waits for nobody', async () => {
    await refused(['show', '20260101-000000-aaaaaa'], 'no-such-session')
    await refused(['publish', '../../etc'], 'no-such-session')
    await refused(['update', 'ms', '--max-turns', 'many'], 'bad-usage')
    await refused(['no-such-command'], 'bad-usage')
  })
})

describe('projects that prove little', () => {
  let drydock: Drydock
  before(async () => {
    drydock = await openDrydock()
  })
  after(() => drydock[Symbol.asyncDispose]())

  async function changed(edit: (root: string) => Promise<void>): Promise<TestRepository> {
    const repository = await fixtureRepository('clean-update')
    await edit(repository.root)
    await git(repository.root, 'add', '--all')
    await git(repository.root, 'commit', '--quiet', '--message', 'Another shape')
    return repository
  }

  async function manifest(root: string, change: Readonly<Record<string, unknown>>): Promise<void> {
    const file = join(root, 'package.json')
    const { default: before } = (await import(file, { with: { type: 'json' } })) as { default: object }
    await writeFile(file, `${JSON.stringify({ ...before, ...change }, undefined, 2)}\n`)
  }

  async function notVerified(repository: TestRepository): Promise<void> {
    const view = await drydock.session(['update', 'ms', '--repo', repository.root, '--no-review'])
    assert.equal(view.outcome, 'awaiting-review', view.reason ?? '')
    assert.deepEqual([view.matrix?.verified, view.matrix?.green], [false, false])
    assert.match(view.reason ?? '', /Not verified/)
    const refused = await drydock.run(['publish', view.id, '--yes', '--without-judge'])
    assert.match(refused.stderr, /^not-verified: /)
    const shown = await drydock.run(['show', view.id])
    assert.match(shown.stdout, /Not verified\./)
  }

  it('a base that cannot build does not keep its tests from being measured, and is said', async () => {
    await using repository = await changed((root) =>
      manifest(root, {
        scripts: {
          build: 'node -e "fetch(\'http://registry.example.com\').catch(() => process.exit(1))"',
          test: 'node --test',
        },
      }),
    )
    const view = await drydock.session(['update', 'ms', '--repo', repository.root, '--no-review'])
    assert.deepEqual(
      [view.outcome, view.matrix?.green, view.matrix?.proof],
      ['awaiting-review', true, 'tests'],
    )
    assert.match(view.matrix?.notProven?.join() ?? '', /the build fails on the base as well, in the same way/)
    const kept = await drydock.run(['doctor'])
    assert.match(kept.stdout, /[1-9]\d* runs? of checks kept/)
  })

  it('a base whose tests all fail is never green', async () => {
    await using repository = await changed((root) =>
      writeFile(
        join(root, 'test/timeLeft.test.js'),
        "require('node:test')('broken before', () => { throw new Error('broken before') })\n",
      ),
    )
    await notVerified(repository)
  })

  it('no tests and no script: its files are read, which proves nothing', async () => {
    await using repository = await changed((root) => manifest(root, { scripts: {} }))
    const view = await drydock.session(['update', 'ms', '--repo', repository.root, '--no-review'])
    assert.deepEqual([view.matrix?.verified, view.matrix?.proof], [false, 'none'])
    assert.match(
      view.matrix?.notProven?.join() ?? '',
      /only the syntax of its own files was read \(node --check/,
    )
    assert.match(view.matrix?.reasons.join() ?? '', /Nothing that an update could break was run/)
    const refused = await drydock.run(['publish', view.id, '--yes', '--without-judge'])
    assert.match(refused.stderr, /^not-verified: /)
  })

  it('no lock file: resolved once, and only the manifest changes', async () => {
    await using repository = await changed((root) => rm(join(root, 'package-lock.json')))
    const view = await drydock.session(['update', 'ms', '--repo', repository.root, '--no-review'])
    assert.equal(view.outcome, 'awaiting-review', view.reason ?? '')
    assert.equal(view.matrix?.green, true)
    assert.deepEqual(
      view.patch?.files.map(({ path }) => path),
      ['package.json'],
    )
  })

  it('a build that fills the workspace is told so, and the log is whole', async () => {
    await using repository = await changed((root) =>
      manifest(root, {
        scripts: { build: 'dd if=/dev/zero of=filler bs=1M count=400', test: 'node --test' },
      }),
    )
    const view = await drydock.session([
      'update',
      'ms',
      '--repo',
      repository.root,
      '--no-review',
      '--workspace-mb',
      '64',
    ])
    assert.equal(view.matrix?.green, false)
    assert.match(view.matrix?.reasons.join(' ') ?? '', /full/i)
  })
})
