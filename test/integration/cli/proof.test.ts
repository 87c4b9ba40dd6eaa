import assert from 'node:assert/strict'
import type { ChildProcess } from 'node:child_process'
import { on } from 'node:events'
import { mkdtemp, realpath } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import type { Failure } from '../../../src/contract/failure.ts'
import type { SessionView } from '../../../src/contract/sessionView.ts'
import { testWish } from '../../../src/contract/warnedPlaces.ts'
import { type Drydock, openDrydock, playedBy, readSessionJson } from '../../support/drydock.ts'
import { discard } from '../../support/keys.ts'
import { makeRepository } from '../../support/madeRepository.ts'
import { startModel } from '../../support/model/server.ts'
import { git } from '../../support/repository.ts'

type Files = Readonly<Record<string, string>>
type Edit = readonly [path: string, old: string, now: string]

/** A committed project of these files, with a remote of its own to push to. */
async function project(files: Files) {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'drydock-proof-')))
  const [work, remote] = [join(root, 'work'), join(root, 'remote.git')]
  await makeRepository(work, files)
  await git(root, 'init', '--quiet', '--bare', remote)
  await git(work, 'remote', 'add', 'origin', remote)
  const branches = () => git(remote, 'branch', '--list')
  return { root: work, branches, [Symbol.asyncDispose]: () => discard(root) }
}

function manifest(scripts: Files, dependencies: Files, more: object = {}): string {
  return `${JSON.stringify({ name: 'proof', version: '1.0.0', private: true, scripts, dependencies, ...more }, undefined, 2)}\n`
}

const pass = { pass: true, reason: 'It is so.', evidence: ['package.json'] }
const approval = { name: 'verdict', input: { in_scope: pass, safe: pass, quality: pass } }

/** A model that makes these edits, verifies, and approves as a judge. */
async function editing(edits: readonly Edit[]) {
  const toolUses = edits.map(([path, old, now]) => ({ name: 'Edit', input: { path, old, new: now } }))
  const model = await startModel({
    agent: [
      { text: 'I follow the new interface.', toolUses },
      { text: 'Checking.', toolUses: [{ name: 'Verify', input: {} }] },
      { text: 'Done.' },
    ],
    judge: [{ toolUses: [approval] }],
  })
  return { ...model, [Symbol.asyncDispose]: () => model.close() }
}

const escapeOld = { 'escape-string-regexp': '4.0.0' }
/** It is a function up to version 4, and a namespace with a default from 5 on. */
const uses = "const escape = require('escape-string-regexp')\nmodule.exports = (text) => escape(text)\n"
const repairOfUses: Edit = [
  'index.js',
  "require('escape-string-regexp')",
  "require('escape-string-regexp').default",
]
const build = "node -e \"require('./index.js')('a.b')\""

/** The id that a session tells when it starts. */
async function sessionOf({ stderr }: ChildProcess): Promise<string> {
  assert.ok(stderr)
  let said = ''
  for await (const [chunk] of on(stderr, 'data', { close: ['end'] })) {
    said += String(chunk)
    const id = /Session (\S+)/.exec(said)?.[1]
    if (id !== undefined) return id
  }
  throw new Error(`no session: ${said}`)
}

/** Kills the container of each build after the first, as often as is said. */
async function killing(session: string, times: number): Promise<void> {
  const filters = ['--filter', `label=drydock.session=${session}`, '--filter', 'event=exec_start']
  const events = execa('docker', ['events', ...filters, '--format', '{{json .}}'], { reject: false })
  let builds = 0
  for await (const line of events) {
    const { Action, Actor } = JSON.parse(line)
    if (!Action.includes('npm run build')) continue
    builds += 1
    if (builds > 1) await execa('docker', ['kill', Actor.ID], { reject: false })
    if (builds > times) events.kill()
  }
}

const verifyBase = 'stage.finished verify base'

describe('what is proven', () => {
  let drydock: Drydock
  before(async () => {
    drydock = await openDrydock()
  })
  after(() => drydock[Symbol.asyncDispose]())

  const update = (
    root: string,
    spec: string,
    env = {},
    flags: readonly string[] = [],
  ): Promise<SessionView> => drydock.session(['update', spec, '--repo', root, '--no-review', ...flags], env)

  it('repairs the build of a TypeScript project without tests, says what that proves, and --yes refuses it', async () => {
    await using repository = await project({
      'package.json': manifest({ build: 'tsc -p .' }, escapeOld, {
        devDependencies: { typescript: '5.9.3' },
      }),
      'tsconfig.json': JSON.stringify({
        compilerOptions: { strict: true, module: 'commonjs', moduleResolution: 'node10', outDir: 'dist' },
        files: ['index.ts'],
      }),
      'index.ts': "import escape = require('escape-string-regexp')\nexport const dot: string = escape('.')\n",
    })
    await using model = await editing([
      ['index.ts', 'import escape = require(', 'import escape from '],
      ['index.ts', "'escape-string-regexp')", "'escape-string-regexp'"],
    ])
    const view = await update(repository.root, 'escape-string-regexp@5', playedBy(model))
    assert.equal(view.outcome, 'awaiting-review', view.reason ?? '')
    const { matrix, verdict } = view
    assert.deepEqual(
      [matrix?.green, matrix?.proof, matrix?.proven, verdict?.decision],
      [true, 'steps', ['repaired: the build'], 'approve'],
    )
    assert.deepEqual(matrix?.notProven, ['this project has no tests'])
    const told = JSON.stringify(model.requests.find(({ purpose }) => purpose === 'agent')?.body)
    assert.match(told, /The build \(`npm run build`\) fails\./)
    assert.match(told, /TS\d+/)
    const { stdout } = await drydock.run(['show', view.id])
    assert.match(stdout, /Green, without a test\./)
    assert.match(stdout, /repaired: the build; this project has no tests/)
    const refused = await drydock.run(['publish', view.id, '--yes'])
    assert.match(refused.stderr, /^not-verified: No test that passed before ran again: repaired: the build;/)
    assert.equal(await repository.branches(), '')
  })

  it('hands a broken build to the agent although the base’s tests fail, once there is a key, where it stopped', async () => {
    await using repository = await project({
      'package.json': manifest({ build, test: 'node --test' }, escapeOld),
      'index.js': uses,
      'test/old.test.js': "require('node:test')('fails already', () => { throw new Error('old') })\n",
    })
    const without = await update(repository.root, 'escape-string-regexp@5')
    assert.deepEqual([without.outcome, without.failure?.code], ['verification-failed', 'repair-needs-key'])
    const keyless = await drydock.run(['retry', without.id, '--json'])
    assert.match(keyless.stderr, /^no-key: /)
    const noted = await drydock.run(['retry', without.id, '--note', 'Try again.', '--json'])
    const { failure } = JSON.parse(noted.stdout) as { readonly failure: Failure }
    assert.deepEqual([failure.code, /^no-key: /.test(noted.stderr)], ['no-key', true], noted.stderr)
    assert.match(failure.next, /ANTHROPIC_API_KEY/)
    await using model = await editing([repairOfUses])
    const view = await drydock.session(['retry', without.id], playedBy(model))
    assert.deepEqual(
      [view.id, view.outcome, view.failure],
      [without.id, 'awaiting-review', null],
      view.reason ?? '',
    )
    // What was installed and measured is so still: the base is taken as it was, the update's install from the cache.
    const again = view.stages.filter(({ startedAt }) => startedAt > without.updatedAt)
    const measured = again.filter(({ role }) => role === 'base' || role === 'update')
    assert.deepEqual(
      measured.filter(({ name }) => name !== 'prepare'),
      [],
    )
    assert.ok(again.every(({ name, cached }) => name !== 'prepare' || cached))
    assert.deepEqual(
      view.matrix?.steps.map(({ name, label }) => [name, label]),
      [
        ['build', 'repaired'],
        ['test', 'already failing'],
      ],
    )
    assert.equal(view.matrix?.proof, 'steps')
    assert.match(view.reason ?? '', /repaired: the build; .*no test passes on the base/)
  })

  it('is never left waiting with a build that was green and is red', async () => {
    await using repository = await project({
      'package.json': manifest({ build }, escapeOld),
      'index.js': uses,
    })
    const without = await update(repository.root, 'escape-string-regexp@5')
    assert.deepEqual([without.outcome, without.failure?.code], ['verification-failed', 'repair-needs-key'])
    await using model = await editing([['index.js', 'escape(text)', 'escape(text )']])
    const flags = ['--max-attempts', '1']
    const view = await update(repository.root, 'escape-string-regexp@5', playedBy(model), flags)
    assert.equal(view.outcome, 'verification-failed', view.reason ?? '')
    assert.match(view.reason ?? '', /The build .* fails/)
  })

  it('is red where the update stops every test without an error', async () => {
    const runner = (wait: string): string =>
      `const once = require('once')\nconst { test } = require('node:test')\n${wait}\n`
    await using repository = await project({
      'package.json': manifest({ test: 'node test/run.js' }, { ms: '2.1.2', once: '1.4.0' }),
      'test/run.js': runner(
        "if (require('ms/package.json').version === '2.1.2') { test('one', () => {}); test('two', () => {}) }",
      ),
    })
    await using model = await editing([])
    const view = await update(repository.root, 'ms@2.1.3', playedBy(model), [
      '--max-attempts',
      '1',
      '--max-turns',
      '1',
    ])
    assert.notEqual(view.outcome, 'awaiting-review', view.reason ?? '')
    assert.match(view.matrix?.breaks?.join() ?? '', /2 tests not run/)
  })

  it('raises no alarm about tests whose names differ in each run', async () => {
    await using repository = await project({
      'package.json': manifest({ test: 'node --test' }, { ms: '2.1.2' }),
      'test/names.test.js': `const { test } = require('node:test')
test('stays', () => {})
test('at ' + new Date().toISOString(), () => {})
test('port ' + (1024 + Math.floor(Math.random() * 60000)), () => {})
test('returns ' + Math.random() + ' for ' + Math.random(), () => {})
`,
    })
    await using model = await editing([])
    const view = await update(repository.root, 'ms@2.1.3', playedBy(model))
    assert.deepEqual([view.outcome, view.warnings, view.turns], ['awaiting-review', [], 0])
    assert.deepEqual([view.matrix?.proof, view.matrix?.counts.passing], ['tests', 4])
    assert.equal(view.matrix?.unstable?.length, 3)
  })

  it('raises none where a name is the same in each run of the base: a process id', async () => {
    await using repository = await project({
      'package.json': manifest({ test: 'node before.js && node --test' }, { ms: '2.1.2' }),
      'before.js': `const { execFileSync } = require('node:child_process')
const times = require('ms/package.json').version === '2.1.3' ? 200 : 0
for (let left = times; left > 0; left -= 1) execFileSync('true')
`,
      'test/names.test.js': `const { test } = require('node:test')
// Two runs of the same do not count to exactly the same number.
test('process ' + Math.floor(process.pid / 80), () => {})
`,
    })
    await using model = await editing([])
    const view = await update(repository.root, 'ms@2.1.3', playedBy(model))
    assert.deepEqual([view.outcome, view.turns], ['awaiting-review', 0], view.reason ?? '')
    assert.deepEqual([view.matrix?.proof, view.matrix?.unstable?.length], ['tests', 1])
  })

  it('names a memory that only the update needs more of, and spends no attempt on it', async () => {
    const eats =
      "if (require('ms/package.json').version === '2.1.3') { const all = []; for (;;) all.push(Buffer.alloc(1e7, 1)) }"
    await using repository = await project({
      'package.json': manifest({ build: 'node eats.js' }, { ms: '2.1.2' }),
      'eats.js': `${eats}\n`,
    })
    await using model = await editing([])
    const view = await update(repository.root, 'ms@2.1.3', playedBy(model), ['--memory-mb', '256'])
    assert.deepEqual([view.outcome, view.failure?.code, view.turns], ['setup-failed', 'out-of-memory', 0])
    assert.match(view.failure?.message ?? '', /256 MB/)
  })

  it('makes a run anew that was killed from outside, and names the engine where it is killed again', async () => {
    await using repository = await project({
      'package.json': manifest({ build: 'node wait.js' }, { ms: '2.1.2' }),
      'wait.js': "if (require('ms/package.json').version === '2.1.3') setTimeout(() => {}, 8_000)\n",
    })
    await using model = await editing([])
    for (const kills of [1, 2]) {
      const args = ['update', 'ms@2.1.3', '--repo', repository.root, '--no-review', '--fresh', '--json']
      const { child, ended } = drydock.start(args, playedBy(model))
      await killing(await sessionOf(child), kills)
      const { stdout } = await ended
      const parsed = readSessionJson(JSON.parse(stdout))
      assert.ok(parsed.success)
      const { turns, outcome, matrix, failure } = parsed.data
      assert.equal(turns, 0)
      if (kills === 1) assert.deepEqual([outcome, matrix?.green], ['awaiting-review', true])
      else assert.deepEqual([outcome, failure?.code], ['setup-failed', 'engine-lost'])
    }
  })

  it('keeps what failed twice on the base, runs it again in each session, and uses it under the same limits alone', async () => {
    await using repository = await project({
      'package.json': manifest({ build: 'node -e 0', test: 'node -e "process.exit(1)"' }, { ms: '2.1.2' }),
    })
    const baseRuns = async (...flags: string[]): Promise<readonly string[]> => {
      const { id } = await update(repository.root, 'ms@2.1.3', {}, flags)
      const { stdout } = await drydock.run(['replay', id, '--json'])
      const events = stdout
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line))
      const ended = events.filter(({ type, stage, role }) => `${type} ${stage} ${role}` === verifyBase)
      return ended.map(({ cached, detail }) =>
        cached ? 'kept' : detail.startsWith('once more') ? 'again' : 'run',
      )
    }
    assert.deepEqual(await baseRuns(), ['run', 'again'])
    assert.deepEqual(await baseRuns(), ['kept', 'again'])
    assert.deepEqual(await baseRuns('--memory-mb', '2048'), ['run', 'again'])
    assert.deepEqual(await baseRuns('--fresh'), ['run', 'again'])
  })

  it('keeps what breaks the build with the update for the next session, unless it is to begin afresh', async () => {
    await using repository = await project({
      'package.json': manifest({ build, test: 'node --test' }, escapeOld),
      'index.js': uses,
    })
    const taken = async (...flags: string[]) => {
      const view = await update(repository.root, 'escape-string-regexp@5', {}, flags)
      assert.equal(view.failure?.code, 'repair-needs-key')
      assert.match(view.matrix?.breaks?.join() ?? '', /The build .* fails/)
      return view.stages.find(({ name, role }) => name === 'verify' && role === 'update')?.cached === true
    }
    assert.deepEqual([await taken(), await taken(), await taken('--fresh')], [false, true, false])
    // An agent begins from there, and its change is checked as any is.
    await using model = await editing([repairOfUses])
    const view = await update(repository.root, 'escape-string-regexp@5', playedBy(model))
    assert.equal(view.outcome, 'awaiting-review', view.reason ?? '')
    const steps = (role: 'update' | 'repair') =>
      view.stages.find((stage) => stage.name === 'verify' && stage.role === role)
    assert.deepEqual([steps('update')?.cached, steps('repair')?.cached], [true, false])
  })

  it('says what to put into .drydock.json where nothing on the base can be measured', async () => {
    await using repository = await project({
      'package.json': manifest({ build: 'node -e "process.exit(3)"' }, { ms: '2.1.2' }),
    })
    const view = await update(repository.root, 'ms@2.1.3')
    assert.deepEqual([view.outcome, view.matrix?.proof], ['awaiting-review', 'none'])
    assert.match(view.matrix?.reasons[0] ?? '', /`npm run build` fails there\..*\.drydock\.json.*"build":/)
  })

  const twoUses = `const escape = require('escape-string-regexp')
exports.tested = (text) => text.trim()
exports.untested = (text) => {
  return escape(text)
}
`
  const oneTest = `const { test } = require('node:test')
test('trims', () => require('node:assert').equal(require('../index.js').tested(' a '), 'a'))
`

  it('is not what no check ran: a line that uses what is gone has to be acknowledged', async () => {
    await using repository = await project({
      'package.json': manifest({ test: 'node --test' }, escapeOld),
      'index.js': twoUses,
      'test/index.test.js': oneTest,
    })
    const view = await update(repository.root, 'escape-string-regexp@5')
    assert.deepEqual([view.outcome, view.turns, view.matrix?.proof], ['awaiting-review', 0, 'tests'])
    assert.deepEqual(
      view.warnings.map(({ code, severity }) => [code, severity]),
      [['not-run:escape-string-regexp', 'acknowledge']],
    )
    assert.match(view.warnings[0]?.message ?? '', /no check ran it: index\.js:4\. /)
    const again = await drydock.run(['update', 'escape-string-regexp@5', '--repo', repository.root])
    assert.match(again.stdout, new RegExp(`Session ${view.id} waits for review with the same update`))
    const refused = await drydock.run(['publish', view.id, '--yes', '--without-judge'])
    assert.match(refused.stderr, /^warnings-not-acknowledged: .*not-run:escape-string-regexp/)
    assert.equal(await repository.branches(), '')
  })

  it('is more once an agent was asked for a test of what no check ran', async () => {
    await using repository = await project({
      'package.json': manifest({ test: 'node --test' }, escapeOld),
      'index.js': twoUses,
      'test/index.test.js': oneTest,
    })
    const first = await update(repository.root, 'escape-string-regexp@5')
    const [warning] = first.warnings
    const wish = warning === undefined ? undefined : testWish(warning)
    assert.ok(wish)
    await using model = await editing([
      ['index.js', "require('escape-string-regexp')", "require('escape-string-regexp').default"],
      [
        'test/index.test.js',
        "'a'))\n",
        "'a'))\ntest('escapes', () => require('../index.js').untested('.'))\n",
      ],
    ])
    const view = await drydock.session(['retry', first.id, '--note', wish], playedBy(model))
    assert.equal(view.outcome, 'awaiting-review', view.reason ?? '')
    assert.deepEqual(
      view.warnings.map(({ code }) => code),
      [],
    )
  })

  it('says nothing of them where a check runs them', async () => {
    await using repository = await project({
      'package.json': manifest({ test: 'node --test' }, escapeOld),
      // Both versions are taken.
      'index.js': twoUses.replace('return escape(', 'return (escape.default ?? escape)('),
      'test/index.test.js': `${oneTest}test('escapes', () => require('../index.js').untested('.'))\n`,
    })
    await using model = await editing([])
    const view = await update(repository.root, 'escape-string-regexp@5', playedBy(model))
    assert.deepEqual([view.outcome, view.warnings], ['awaiting-review', []])
    assert.match(view.stages.find(({ role }) => role === 'reach')?.detail ?? '', /^(\d) of \1 lines? run$/)
  })

  it('is told of workers that a runner ends by a signal, too', async () => {
    await using repository = await project({
      'package.json': manifest({ test: 'vitest run' }, escapeOld, { devDependencies: { vitest: '3.2.4' } }),
      'index.js': twoUses,
      'test/index.test.js': `import { expect, test } from 'vitest'
import { tested } from '../index.js'
test('trims', () => expect(tested(' a ')).toBe('a'))
`,
    })
    const view = await update(repository.root, 'escape-string-regexp@5')
    const reach = view.stages.find(({ role }) => role === 'reach')
    assert.deepEqual([view.matrix?.proof, reach?.detail], ['tests', '1 of 2 lines run'])
    assert.match(view.warnings[0]?.message ?? '', /no check ran it: index\.js:4\. /)
  })

  it('names the lines of a repair that no check ran', async () => {
    await using repository = await project({
      'package.json': manifest({ test: 'node --test' }, escapeOld),
      'index.js': twoUses.replace('text.trim()', "escape(text).slice(0, -1) && 'a'"),
      'test/index.test.js': oneTest,
    })
    await using model = await editing([
      ['index.js', "require('escape-string-regexp')", "require('escape-string-regexp').default"],
      ['index.js', '  return escape(text)\n', '  return escape(String(text))\n'],
    ])
    const view = await update(repository.root, 'escape-string-regexp@5', playedBy(model))
    assert.equal(view.outcome, 'awaiting-review', view.reason ?? '')
    const messages = view.warnings.map(({ code, message }) => `${code} ${message}`)
    assert.deepEqual(messages, ['repair-not-run No check ran 1 line of the repair: index.js:4.'])
  })
})
