import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { setTimeout as delay } from 'node:timers/promises'
import type { Event, EventBody } from '../src/contract/events.ts'
import { keepExchanges } from '../src/runner/gateway/exchange.ts'
import { traced } from '../src/runner/tracing.ts'
import { openArtifacts, readArtifact } from '../src/store/artifacts.ts'
import { noControl } from '../src/store/control.ts'
import { readExchange } from '../src/store/exchange.ts'
import { readEvents } from '../src/store/read.ts'
import { makeRedactor } from '../src/store/redact.ts'
import { createSession } from '../src/store/session.ts'
import { type Drydock, openDrydock, playedBy, scriptOf } from '../test/support/drydock.ts'
import { canaryKeys } from '../test/support/keys.ts'
import { startModel } from '../test/support/model/start.ts'
import { fixtureRepository } from '../test/support/repository.ts'
import { hanging, type StandInCollector, startCollector } from '../test/support/telemetry/collector.ts'
import { type BenchRow, median } from './row.ts'

const fixture = 'breaking-update'
const pairs = 3

const at = ({ url }: StandInCollector) => ({ OTEL_EXPORTER_OTLP_ENDPOINT: url })

/** One warm session with a repair; its model answers at once. */
async function session(
  drydock: Drydock,
  root: string,
  env: NodeJS.ProcessEnv,
): Promise<{ readonly took: number; readonly folder: string; readonly events: readonly Event[] }> {
  await using model = await startModel(scriptOf(fixture))
  const started = performance.now()
  const view = await drydock.session(['update', 'uuid@9', '--repo', root, '--no-review'], {
    ...playedBy(model),
    ...env,
  })
  const took = performance.now() - started
  if (view.outcome !== 'awaiting-review') throw new Error(`${view.reason}`)
  const folder = join(drydock.home, 'sessions', view.id)
  return { took, folder, events: await readEvents(folder) }
}

/**
 * The same log written once more, synced and exported, and nothing else done: ms, the wait at the end included, and what
 * goes on between its halves left out.
 */
async function logAlone(
  events: readonly Event[],
  env: Record<string, string>,
  meanwhile: () => Promise<unknown> = async () => undefined,
): Promise<number> {
  const home = await mkdtemp(join(tmpdir(), 'drydock-log-'))
  const [created, ...rest] = events
  if (created?.type !== 'session.created') throw new Error('no session')
  const { task, runner } = created
  const context = { env, stderr: process.stderr, version: '0.1.0' }
  const started = performance.now()
  const options = { control: noControl }
  const held = await traced(context, options, (more) => createSession(home, task, runner, more), task)
  let elsewhereMs = 0
  for (const [at, { v: _v, seq: _seq, time: _time, ...body }] of rest.entries()) {
    held.log.emit(body as EventBody)
    if (at !== Math.floor(rest.length / 2)) continue
    const left = performance.now()
    await meanwhile()
    elsewhereMs = performance.now() - left
  }
  await held.release()
  const took = performance.now() - started - elsewhereMs
  await rm(home, { recursive: true })
  return took
}

/** The requests and replies of a session kept once more, and nothing else done, ms. */
async function exchangesAlone(folder: string, events: readonly Event[]): Promise<number> {
  const turns = events.flatMap((event) => (event.type === 'agent.turn' ? [event] : []))
  const wholes = await Promise.all(
    turns.map(({ exchange = '' }) => readExchange((digest) => readArtifact(folder, digest), exchange)),
  )
  const into = await mkdtemp(join(tmpdir(), 'drydock-exchanges-'))
  const redactor = makeRedactor([canaryKeys.model])
  const keep = keepExchanges(openArtifacts(into, () => redactor))
  const started = performance.now()
  for (const { request, reply } of wholes) await keep(request as never, reply as never)
  const took = performance.now() - started
  await rm(into, { recursive: true })
  return took
}

/** What log and trace cost a run: by themselves against the run's wall, and in pairs of runs with and without. */
export async function telemetryRows(): Promise<readonly BenchRow[]> {
  await using drydock = await openDrydock()
  await using repository = await fixtureRepository(fixture)
  await using collector = await startCollector()
  await using silent = await startCollector(hanging)
  // Images, installs and the base's result are there from now on.
  await session(drydock, repository.root, {})
  const without: number[] = []
  const ratios: number[] = []
  let last = await session(drydock, repository.root, {})
  for (let pair = 0; pair < pairs; pair += 1) {
    const plain = await session(drydock, repository.root, {})
    const exported = await session(drydock, repository.root, at(collector))
    without.push(plain.took)
    ratios.push(exported.took / plain.took)
    last = exported
  }
  const wall = median(without)
  const { events, folder } = last
  const share = async (env: Record<string, string>, meanwhile?: () => Promise<unknown>) => {
    const times: number[] = []
    for (let time = 0; time < 3; time += 1) times.push(await logAlone(events, env, meanwhile))
    return (median(times) / wall) * 100
  }
  // Longer than a collector may leave a run waiting; the run itself goes on for longer.
  const working = () => delay(2_500)
  const [log, both, hung] = [await share({}), await share(at(collector)), await share(at(silent), working)]
  const kept = []
  for (let time = 0; time < 3; time += 1) kept.push(await exchangesAlone(folder, events))
  const turns = events.filter(({ type }) => type === 'agent.turn').length
  const exchanges = (median(kept) / wall) * 100
  return [
    row(`log of ${events.length} events, of the run's wall`, log, 2),
    row(`requests and replies of ${turns} turns kept`, exchanges, 2),
    row('log, trace, requests and replies', both + exchanges, 2),
    row('log and trace, a collector that hangs', hung, 2),
    ratio(median(ratios)),
  ]
}

function row(what: string, value: number, most: number): BenchRow {
  return { what, value, unit: '%', goal: `≤ ${most}`, ok: value <= most }
}

/** Whole runs differ by more than this from one to the next: shown, not held. */
function ratio(value: number): BenchRow {
  return {
    what: `a run with a trace against one without, ${pairs} pairs`,
    value,
    unit: '×',
    goal: 'none',
    ok: true,
  }
}
