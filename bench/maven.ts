import { mkdir, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { performance } from 'node:perf_hooks'
import { execa } from 'execa'
import { readList, type WildCase } from '../evals/wild/list.ts'
import {
  clone,
  forge,
  loggedEvents,
  mirrorOf,
  type Places,
  playedModel,
  session,
} from '../evals/wild/measure.ts'
import { readSessionJson } from '../test/support/drydock.ts'
import { temporaryFolder } from '../test/support/madeRepository.ts'
import type { BenchRow } from './row.ts'

const lists = join(import.meta.dirname, '../evals/wild/lists')
const program = join(import.meta.dirname, '../dist/drydock.mjs')
const repositories = resolve(process.env.DRYDOCK_BENCH_REPOSITORIES ?? 'repositories')

/** Seconds of what a session did. */
interface Times {
  /** Install of the base: all rounds of it. */
  readonly install: number
  readonly rounds: number
  readonly firstRequest: number | undefined
  readonly whole: number
  readonly outcome: string
}

/** Seconds of the project's own `mvn verify`. */
interface Own {
  /** What it takes longer with an empty local repository. */
  readonly install: number
  readonly build: number
}

/**
 * Sessions on real Maven projects against the projects' own `mvn` on this machine, in one run: each with a local repository
 * and a home of Drydock's own. Copies of the repositories are where DRYDOCK_BENCH_REPOSITORIES says; without them no row.
 */
export async function mavenRows(kept: AsyncDisposableStack): Promise<readonly BenchRow[]> {
  const [clean, breaking] = await Promise.all(
    ['maven-clean', 'maven-bump'].map((name) => readList(join(lists, `${name}.json`))),
  )
  // Images are made once on a machine, and are no part of an install.
  await execa(process.execPath, [program, 'setup', '--jdk', '8', '11', '17', '21'])
  const rows: BenchRow[] = []
  for (const one of clean?.cases ?? []) {
    if (mirrorOf({ repositories }, one) === undefined) {
      process.stderr.write(`not measured: ${one.repository} is not in ${repositories}\n`)
      continue
    }
    const broken = breaking?.cases.find(
      ({ repository, commit }) => repository === one.repository && commit === one.commit,
    )
    rows.push(...(await rowsOf(kept.use(await temporaryFolder()).path, one, broken)))
  }
  return rows
}

async function rowsOf(
  folder: string,
  wild: WildCase,
  breaking: WildCase | undefined,
): Promise<readonly BenchRow[]> {
  const places = placesIn(folder)
  await using remote = await forge(places)
  const checkout = join(folder, 'clone')
  await clone(mirrorOf(places, wild) ?? '', wild.commit, checkout, remote.url)
  const own = await ownTimes(checkout, join(folder, 'own'))
  const cold = await timesOf(places, wild, checkout)
  await nextCommit(checkout)
  const warm = await timesOf(places, wild, checkout)
  const again = await timesOf(places, wild, checkout)
  const name = wild.repository
  const rows = [
    below(`${name}: install, cold, to mvn's own, cold`, cold.install / own.install, '×', 1.5),
    below(`${name}: install after another commit, to mvn's own, cold`, warm.install / own.install, '×', 0.5),
    below(`${name}: clean session, warm, to two builds of mvn`, again.whole / (2 * own.build), '×', 1.25),
    shown(`${name}: rounds of the first install`, cold.rounds, ''),
    shown(`${name}: mvn's own install and build`, own.install + own.build, 's'),
    shown(`${name}: first session (${cold.outcome})`, cold.whole, 's'),
  ]
  if (breaking === undefined) return rows
  await timesOf(places, breaking, checkout)
  const second = await timesOf(places, breaking, checkout)
  return [
    ...rows,
    below(
      `${name}: first request of a second session (${second.outcome})`,
      second.firstRequest ?? Number.NaN,
      's',
      10,
    ),
  ]
}

function placesIn(out: string): Places {
  return { repositories, out, home: join(out, 'home'), program }
}

function below(what: string, value: number, unit: string, goal: number): BenchRow {
  return { what, value, unit, goal: `≤ ${goal}`, ok: value <= goal }
}

function shown(what: string, value: number, unit: string): BenchRow {
  return { what, value, unit, goal: 'none', ok: true }
}

/** `mvn verify` in a work tree of its own: with nothing, and with what came; the least disturbed of two and of three. */
async function ownTimes(checkout: string, folder: string): Promise<Own> {
  await mkdir(folder)
  await execa('git', ['clone', '--quiet', '--shared', checkout, 'tree'], { cwd: folder })
  const cwd = join(folder, 'tree')
  const verify = async (local: string, ...argv: string[]): Promise<number> => {
    await rm(join(cwd, 'target'), { recursive: true, force: true })
    const started = performance.now()
    // What fails on the project's own machine is not what is measured: it is shown by the sessions.
    await execa('mvn', ['-B', '-q', '-fae', `-Dmaven.repo.local=${join(folder, local)}`, ...argv, 'verify'], {
      cwd,
      reject: false,
    })
    return (performance.now() - started) / 1000
  }
  const cold = Math.min(await verify('first'), await verify('second'))
  const build = Math.min(
    await verify('second', '-o'),
    await verify('second', '-o'),
    await verify('second', '-o'),
  )
  return { install: cold - build, build }
}

/** One more file: what was prepared for the commit before is of no use. */
async function nextCommit(cwd: string): Promise<void> {
  const git = execa({ cwd, stripFinalNewline: true })
  await git`git read-tree HEAD`
  const { stdout: blob } = await execa({
    cwd,
    input: 'next\n',
    stripFinalNewline: true,
  })`git hash-object -w --stdin`
  await git`git update-index --add --cacheinfo 100644,${blob},bench.txt`
  const { stdout: tree } = await git`git write-tree`
  const identity = ['-c', 'user.name=bench', '-c', 'user.email=bench@example.com']
  const { stdout: commit } = await git`git ${identity} commit-tree -m next -p HEAD ${tree}`
  await git`git update-ref HEAD ${commit}`
}

async function timesOf(places: Places, wild: WildCase, checkout: string): Promise<Times> {
  await using model = await playedModel()
  const { stdout, stderr } = await session(places, wild, checkout, model.url)
  const printed = readSessionJson(JSON.parse(stdout))
  if (!printed.success) throw new Error(`${wild.id} printed no session: ${stderr.slice(-400)}`)
  const events = await loggedEvents(places, printed.data.id)
  const at = (type: string): number | undefined => {
    const event = events.find((one) => one.type === type)
    return event === undefined
      ? undefined
      : (Date.parse(event.time) - Date.parse(events[0]?.time ?? '')) / 1000
  }
  const installs = events.filter(
    ({ type, stage, role, durationMs }) =>
      type === 'stage.finished' && stage === 'prepare' && role === 'base' && durationMs !== undefined,
  )
  return {
    install: installs.reduce((sum, { durationMs = 0 }) => sum + durationMs / 1000, 0),
    rounds: installs.length,
    firstRequest: at('attempt.started'),
    whole: at('session.finished') ?? Number.NaN,
    outcome: printed.data.outcome ?? 'none',
  }
}
