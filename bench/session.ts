import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { execa } from 'execa'
import { readEvents } from '../src/store/read.ts'
import { type Drydock, openDrydock, playedBy, scriptOf } from '../test/support/drydock.ts'
import { startModel } from '../test/support/model/start.ts'
import { fixtureRepository, git } from '../test/support/repository.ts'
import type { BenchRow } from './row.ts'

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now()
  await work()
  return (performance.now() - started) / 1000
}

/** What a person would wait for by hand: install, test, install the update, test; a fresh copy and cache. */
async function byHand(root: string, cache: string, update: string): Promise<number> {
  const copy = await mkdtemp(join(tmpdir(), 'drydock-by-hand-'))
  await git(copy, 'clone', '--quiet', root, '.')
  const npm = (...args: readonly string[]) =>
    execa('npm', [...args, '--no-audit', '--no-fund', '--cache', cache], {
      cwd: copy,
      env: { NODE_ENV: '' },
      reject: false,
    })
  const took = await seconds(async () => {
    await npm('ci')
    await npm('run', 'build', '--if-present')
    await npm('test')
    await npm('install', update)
    await npm('ci')
    await npm('run', 'build', '--if-present')
    await npm('test')
  })
  await rm(copy, { recursive: true, force: true })
  return took
}

async function session(drydock: Drydock, fixture: string, spec: string, root: string) {
  await using model = await startModel(scriptOf(fixture))
  const started = performance.now()
  const view = await drydock.session(['update', spec, '--repo', root, '--no-review'], playedBy(model))
  if (view.outcome !== 'awaiting-review') throw new Error(`${fixture}: ${view.reason}`)
  return { view, took: (performance.now() - started) / 1000 }
}

/** Seconds from the session's first event to the agent's first answer (its model answers at once). */
async function untilFirstTurn(home: string, id: string): Promise<number> {
  const events = await readEvents(join(home, 'sessions', id))
  const first = events.find(({ type }) => type === 'agent.turn')
  const [begin] = events
  if (first === undefined || begin === undefined) throw new Error('no agent turn')
  return (Date.parse(first.time) - Date.parse(begin.time)) / 1000
}

/** Whole sessions: a clean update against the same by hand, cold and warm, and how soon a second one starts to work. */
export async function sessionRows(): Promise<readonly BenchRow[]> {
  await using drydock = await openDrydock()
  const cache = await mkdtemp(join(tmpdir(), 'drydock-npm-cache-'))
  await using library = await fixtureRepository('library-with-build')
  const spec = 'mocha@11'
  const handCold = await byHand(library.root, cache, spec)
  const cold = await session(drydock, 'clean-update', spec, library.root)
  const handWarm = await byHand(library.root, cache, spec)
  const warm = await session(drydock, 'clean-update', spec, library.root)
  await rm(cache, { recursive: true, force: true })
  await using breaking = await fixtureRepository('breaking-update')
  const first = await session(drydock, 'breaking-update', 'uuid@9', breaking.root)
  const second = await session(drydock, 'breaking-update', 'uuid@9', breaking.root)
  const again = await untilFirstTurn(drydock.home, second.view.id)
  return [
    row('clean update of a library, cold, against the same by hand', cold.took / handCold, '×', 1.25),
    row('clean update of a library, warm, against the same by hand', warm.took / handWarm, '×', 1.25),
    { what: 'breaking update, first session', value: first.took, unit: 's', goal: 'none', ok: true },
    row('breaking update, second session on the same commit', second.took, 's', 60),
    row('second session, until the first model request', again, 's', 5),
  ]
}

function row(what: string, value: number, unit: string, goal: number): BenchRow {
  return { what, value, unit, goal: `≤ ${goal}`, ok: value <= goal }
}
