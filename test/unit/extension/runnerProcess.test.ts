import assert from 'node:assert/strict'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { RunInput } from '../../../src/contract/runRequest.ts'
import { runnerEnvironment } from '../../../src/extension/runner/environment.ts'
import { runnerCopy } from '../../../src/extension/runner/runnerCopy.ts'
import { openRunner, type RunnerProcess } from '../../../src/extension/runner/runnerProcess.ts'
import { createSession } from '../../../src/store/session.ts'
import { deferred } from '../../support/deferred.ts'
import { temporaryFolder, writeFiles } from '../../support/madeRepository.ts'
import { sessionTask } from '../../support/sessionTask.ts'

const id = '20261122-100000-abc123'
const update = { do: 'reject', session: id, reason: 'No.' } as const

describe('runner process', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>
  beforeEach(async () => {
    folder = await temporaryFolder()
  })
  afterEach(() => folder[Symbol.asyncDispose]())

  /** A runner whose program is the script given. */
  async function playing(script: string): Promise<RunnerProcess> {
    const program = join(folder.path, 'program.mjs')
    await writeFile(program, script)
    return openRunner({
      ...{ execPath: process.execPath, env: process.env, sessions: folder.path },
      program: async () => program,
      logs: join(folder.path, 'logs'),
      secrets: async () => ({ anthropicApiKey: 'sk-ant-CANARY' }),
    })
  }

  it('gets its request and the secrets on standard input, and neither as argument nor in the environment', async () => {
    const seen = join(folder.path, 'seen.json')
    const runner = await playing(`
      import { text } from 'node:stream/consumers'
      import { writeFileSync } from 'node:fs'
      const input = await text(process.stdin)
      writeFileSync(${JSON.stringify(seen)}, JSON.stringify({ input, argv: process.argv.slice(2), env: process.env }))
      console.log(JSON.stringify({ ok: true, session: '${id}' }))`)
    assert.deepEqual(await runner.ask(update), { session: id })
    const { input, argv, env } = JSON.parse(await readFile(seen, 'utf8'))
    const secrets = { anthropicApiKey: 'sk-ant-CANARY' }
    assert.deepEqual(RunInput.parse(JSON.parse(input)), { v: 1, request: update, secrets })
    assert.deepEqual(argv, ['run', '--task', '-'])
    assert.ok(!JSON.stringify(env).includes('CANARY'))
  })

  it('goes on after its first line, when nobody listens any more', async () => {
    const done = join(folder.path, 'done')
    const runner = await playing(`
      import { writeFileSync } from 'node:fs'
      process.stdout.on('error', () => {})
      console.log(JSON.stringify({ ok: true, session: '${id}' }))
      setTimeout(() => {
        for (let i = 0; i < 1000; i++) console.log('more than a pipe holds'.repeat(100))
        writeFileSync(${JSON.stringify(done)}, 'done')
      }, 300)`)
    await runner.ask(update)
    for (let tries = 100; ; tries -= 1) {
      if ((await readFile(done, 'utf8').catch(() => '')) === 'done') break
      assert.ok(tries > 0, 'the runner did not go on')
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  })

  it('is refused in the words of the runner', async () => {
    const failure = { code: 'not-verified', message: 'It is red.', next: 'Look.' }
    const runner = await playing(`console.log(${JSON.stringify(JSON.stringify({ ok: false, failure }))})`)
    await assert.rejects(runner.ask(update), { failure })
  })

  it('that breaks off is an internal failure with what it said', async () => {
    const runner = await playing(`console.error('no such module'); process.exit(1)`)
    await assert.rejects(runner.ask(update), (error: { failure?: { code: string; detail?: string } }) => {
      assert.equal(error.failure?.code, 'internal')
      assert.match(error.failure?.detail ?? '', /no such module/)
      return true
    })
  })

  it('lists what is outdated, or says why it cannot in the words of the command line', async () => {
    const row = {
      ...{ name: 'ms', manifest: 'package.json', group: 'prod', range: '2', current: '2.0.0' },
      ...{ wanted: '2.1.3', latest: '2.1.3', change: 'minor' },
    }
    const listing = await playing(`console.log(${JSON.stringify(JSON.stringify([row]))})`)
    assert.deepEqual(await listing.outdated('/repo'), [row])
    const refused = await playing(
      `console.error('no-manifest: None here.\\nNext: Look elsewhere.'); process.exit(3)`,
    )
    const failure = { code: 'no-manifest', message: 'None here.', next: 'Look elsewhere.' }
    await assert.rejects(refused.outdated('/repo'), { failure })
  })

  it('is asked to cancel over the socket of its session', async () => {
    const runner = await playing('')
    const asked = deferred<void>()
    const control = { cancel: asked.resolve, isCancelling: () => true }
    const held = await createSession(folder.path, sessionTask(id), 'drydock/test', { control })
    await runner.cancel(id)
    await asked.promise
    await held.release()
    await assert.rejects(runner.cancel(id), /session-state/)
  })

  it('inherits nothing of the editor', () => {
    const env = { PATH: '/bin', VSCODE_IPC_HOOK: 'x', ELECTRON_RUN_AS_NODE: '0', HTTP_PROXY: 'p' }
    assert.deepEqual(runnerEnvironment(env), { PATH: '/bin', HTTP_PROXY: 'p', ELECTRON_RUN_AS_NODE: '1' })
  })

  it('inherits what a debugger needs where the extension is being developed, and there alone', () => {
    const env = { VSCODE_INSPECTOR_OPTIONS: '{}', VSCODE_IPC_HOOK: 'x' }
    assert.deepEqual(runnerEnvironment(env, true), {
      VSCODE_INSPECTOR_OPTIONS: '{}',
      ELECTRON_RUN_AS_NODE: '1',
    })
    assert.deepEqual(runnerEnvironment(env), { ELECTRON_RUN_AS_NODE: '1' })
  })

  it('runs from a copy that an update of the extension does not touch', async () => {
    const from = join(folder.path, 'extension')
    const to = join(folder.path, 'copies')
    await writeFiles(from, {
      'package.json': '{}',
      'dist/launch.mjs': 'launch',
      'dist/drydock.mjs': 'one',
      'dist/chunks/a.mjs': 'a',
      'dist/chunks/a.mjs.map': 'map',
      'dist/sandbox/reporters/mocha.cjs': 'reporter',
      'dist/extension/extension.mjs': 'not the runner',
      'prompts/agent/system.md': 'prompt',
      'sandbox/images/node.Dockerfile': 'FROM',
    })
    const first = await runnerCopy({ from, to, version: '1.2.3' })
    assert.match(first, /copies\/1\.2\.3-[0-9a-f]{16}\/dist\/launch\.mjs$/)
    assert.equal(await runnerCopy({ from, to, version: '1.2.3' }), first)
    const copied = join(first, '../..')
    assert.equal(await readFile(join(copied, 'sandbox/images/node.Dockerfile'), 'utf8'), 'FROM')
    assert.equal(await readFile(join(copied, 'dist/sandbox/reporters/mocha.cjs'), 'utf8'), 'reporter')
    await assert.rejects(readFile(join(copied, 'dist/extension/extension.mjs')))
    await assert.rejects(readFile(join(copied, 'dist/chunks/a.mjs.map')))
    await writeFile(join(from, 'dist/drydock.mjs'), 'two')
    const second = await runnerCopy({ from, to, version: '1.2.3' })
    assert.notEqual(second, first)
    assert.equal(await readFile(join(copied, 'dist/drydock.mjs'), 'utf8'), 'one')
  })

  it('made by two windows at once is one copy', async () => {
    const from = join(folder.path, 'extension')
    await writeFiles(from, { 'package.json': '{}', 'dist/launch.mjs': 'launch', 'dist/drydock.mjs': 'one' })
    await mkdir(join(from, 'dist/chunks'), { recursive: true })
    for (const part of ['dist/sandbox', 'prompts', 'sandbox/images'])
      await mkdir(join(from, part), { recursive: true })
    const options = { from, to: join(folder.path, 'copies'), version: '1' }
    const made = await Promise.all([1, 2, 3].map(() => runnerCopy(options)))
    assert.equal(new Set(made).size, 1)
  })
})
