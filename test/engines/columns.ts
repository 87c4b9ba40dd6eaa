import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import { Examination } from '../../src/contract/examination.ts'
import type { SessionView } from '../../src/contract/sessionView.ts'
import { sessionsWithLeftovers } from '../../src/runner/docker/sweep.ts'
import { listSessions } from '../../src/store/session.ts'
import { type Drydock, openDrydock, playedBy, scriptOf } from '../support/drydock.ts'
import { Script } from '../support/model/script.ts'
import { startModel } from '../support/model/server.ts'
import { fixtureRepository, folderDigest } from '../support/repository.ts'
import { testEngine } from '../support/sandbox.ts'

/** What a column is tried on. */
export interface Bench {
  readonly drydock: Drydock
  /** DOCKER_HOST of the engine, where it is not the machine's own. */
  readonly env: NodeJS.ProcessEnv
  /** Nobody else uses it. */
  readonly alone: boolean
}

/** Each says what it saw, or throws. */
export type Column = (bench: Bench) => Promise<string>

export async function openBench(
  address: string | undefined,
  alone: boolean,
): Promise<Bench & AsyncDisposable> {
  const drydock = await openDrydock()
  return {
    drydock,
    alone,
    env: address === undefined ? {} : { DOCKER_HOST: address },
    [Symbol.asyncDispose]: () => drydock[Symbol.asyncDispose](),
  }
}

async function examined({ drydock, env }: Pick<Bench, 'drydock' | 'env'>): Promise<Examination> {
  const { stdout, stderr } = await drydock.run(['doctor', '--json'], env)
  const read = Examination.safeParse(JSON.parse(stdout || 'null'))
  if (!read.success) throw new Error(`doctor printed no examination: ${stderr || stdout}`)
  return read.data
}

const offOf = ({ protections }: Examination) =>
  protections.filter(({ essential, state }) => essential && state === 'off')

/** Builds the images, and is green only where the doctor did not call an engine without them ready. */
const images: Column = async ({ drydock, env }) => {
  const before = await examined({ drydock, env })
  const missing = offOf(before).some(({ name }) => name === 'images')
  assert.equal(before.ready, offOf(before).length === 0 && before.engine !== undefined)
  const began = performance.now()
  const { code, stderr } = await drydock.run(['setup', '--node', '22'], env)
  assert.equal(code, 0, stderr.slice(-2000))
  const after = await examined({ drydock, env })
  assert.ok(!offOf(after).some(({ name }) => name === 'images'))
  return missing ? `built in ${Math.round((performance.now() - began) / 1000)} s` : 'were there'
}

const doctor: Column = async (bench) => {
  const found = await examined(bench)
  assert.ok(
    found.ready,
    offOf(found)
      .map(({ name, why }) => `${name}: ${why}`)
      .join('; ') || found.engineFailure?.message,
  )
  const weaker = found.protections.filter(({ state }) => state !== 'on')
  return `ready, ${found.protections.length - weaker.length} on, ${weaker.length} weaker or off`
}

async function played(
  { drydock, env }: Bench,
  fixture: string,
  wanted: string,
  check: (view: SessionView) => string,
): Promise<string> {
  await using repository = await fixtureRepository(fixture)
  const before = await folderDigest(repository.root)
  const model = await startModel(Script.parse(JSON.parse(await readFile(scriptOf(fixture), 'utf8'))))
  try {
    const args = ['update', wanted, '--repo', repository.root, '--no-review']
    const view = await drydock.session(args, { ...env, ...playedBy(model) })
    assert.equal(view.outcome, 'awaiting-review', view.reason ?? view.failure?.message ?? '')
    assert.equal(view.matrix?.green, true)
    assert.equal(await folderDigest(repository.root), before)
    return check(view)
  } finally {
    await model.close()
  }
}

const clean: Column = (bench) =>
  played(bench, 'clean-update', 'ms', (view) => {
    assert.equal(view.turns, 0)
    return `${view.matrix?.counts.passing} passing`
  })

const repair: Column = (bench) =>
  played(bench, 'breaking-update', 'uuid@9', (view) => {
    assert.equal(view.matrix?.counts.repaired, 7)
    return `7 repaired in ${view.turns} turns`
  })

/** The tests of containers, workspaces, relay, system calls and sweeping, on this engine. */
const cage: Column = async ({ env }) => {
  const words = ['mocha', '--timeout', '600000', '--reporter', 'dot', 'test/integration/docker/*.test.ts']
  const { exitCode, all = '' } = await execa('npx', words, { env, all: true, reject: false, stdin: 'ignore' })
  const said = (word: string) => new RegExp(`^ +(\\d+) ${word}`, 'm').exec(all)?.[1]
  assert.equal(exitCode, 0, all.slice(-3000))
  return `${said('passing')} passed${said('pending') === undefined ? '' : `, ${said('pending')} not for it`}`
}

const nothingLeft: Column = async ({ drydock, env, alone }) => {
  const engine = await testEngine(undefined, env.DOCKER_HOST)
  try {
    const { docker } = engine
    const own = new Set<string>(await listSessions(join(drydock.home, 'sessions')))
    const left = (await sessionsWithLeftovers(docker)).filter((id) => alone || own.has(id))
    assert.deepEqual(left, [])
    if (!alone) return `nothing of ${own.size} sessions`
    // What no tag names any more lies below one that has a tag, or was left by a build.
    const filters = JSON.stringify({ dangling: ['true'] })
    assert.deepEqual(
      (await docker.listImages({ filters })).map(({ Id, Labels }) => [Id, Labels]),
      [],
    )
    return 'no container, no volume, no image without a name'
  } finally {
    engine.close()
  }
}

/** In this order: what comes first makes what comes later possible. */
export const columns: Readonly<Record<string, Column>> = {
  images,
  doctor,
  'clean update': clean,
  repair,
  'cage probes': cage,
  'nothing left': nothingLeft,
}

/** Where the engine must be refused: doctor and run say why, in the same words, and the run starts nothing. */
export function refusals(reason: RegExp): Readonly<Record<string, Column>> {
  return {
    images: async ({ drydock, env }) => {
      const { code, stderr } = await drydock.run(['setup', '--node', '22'], env)
      if (code === 0) return 'built'
      assert.match(stderr, /protection-missing/)
      assert.match(stderr, reason)
      return 'refused, with the reason'
    },
    doctor: async (bench) => {
      const found = await examined(bench)
      assert.equal(found.ready, false)
      const why = offOf(found).map((one) => `${one.name}: ${one.why}`)
      assert.match(why.join('\n'), reason)
      return `refused: ${why[0]}`
    },
    'clean update': async ({ drydock, env }) => {
      await using repository = await fixtureRepository('clean-update')
      const view = await drydock.session(['update', 'ms', '--repo', repository.root, '--no-review'], env)
      assert.deepEqual([view.outcome, view.failure?.code], ['setup-failed', 'protection-missing'])
      assert.match(view.failure?.detail ?? '', reason)
      return 'refused, by the same reason'
    },
    'nothing left': nothingLeft,
  }
}
