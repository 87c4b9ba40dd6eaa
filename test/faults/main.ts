import { appendFile, mkdir } from 'node:fs/promises'
import { resolve } from 'node:path'
import { isDeepStrictEqual, parseArgs } from 'node:util'
import { type Choice, choose, describeChoice, faultKinds, Manager } from './choice.ts'
import { ownEngine, sharedEngine } from './engine.ts'
import { partsOf, resultsFile, resultsIn, runJobs } from './jobs.ts'
import { openWorld } from './openWorld.ts'
import { tableOf } from './table.ts'
import { type Result, runTrial } from './trial.ts'

const usage = `npm run test:faults -- [--seeds 300] [--from 0] [--seed 6,11] [--only ${faultKinds.join(',')}] [--managers ${Manager.options.join(',')}] [--engine own|shared] [--jobs 2] [--minutes 60] [--out FOLDER] [--again] [--list]
Results are lines of FOLDER/results.jsonl: a seed that stands there is not run again; with --again those are that broke something, or that are named.
Needs root: an engine of its own that is killed (--engine shared does without, and without those seeds), and small disks that are filled. Each of several jobs has all of that for itself.`

async function main(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seeds: { type: 'string', default: '300' },
      from: { type: 'string', default: '0' },
      seed: { type: 'string' },
      only: { type: 'string', default: faultKinds.join(',') },
      managers: { type: 'string', default: Manager.options.join(',') },
      engine: { type: 'string', default: 'own' },
      jobs: { type: 'string', default: '1' },
      minutes: { type: 'string', default: '600' },
      out: { type: 'string', default: 'test/.cache/faults' },
      again: { type: 'boolean', default: false },
      list: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return say(usage)
  const own = values.engine === 'own'
  const named = values.seed?.split(',').map(Number)
  const [only, managers] = [values.only.split(','), values.managers.split(',')]
  const seeds = named ?? seedsOf(Number(values.from), Number(values.seeds), { only, managers, own })
  if (values.list) return say(seeds.map((seed) => `${seed}  ${describeChoice(choose(seed))}`).join('\n'))
  const out = resolve(values.out)
  await mkdir(out, { recursive: true })
  const done = await doneIn(out)
  const stale = (seed: number): boolean =>
    values.again && (named !== undefined || (done.get(seed)?.breaches.length ?? 0) > 0)
  const pending = seeds.filter((seed) => !done.has(seed) || stale(seed))
  const parts = partsOf(pending, Number(values.jobs))
  if (parts.length > 1) {
    await runJobs(parts, out, ['--engine', values.engine, '--minutes', values.minutes])
    for (const [seed, one] of await doneIn(out)) done.set(seed, one)
  } else if (parts.length > 0)
    await run(pending, { out, own, done, until: Date.now() + Number(values.minutes) * 60_000 })
  const results = seeds.flatMap((seed) => done.get(seed) ?? [])
  say(`\n${tableOf(results)}`)
  return results.some(({ breaches }) => breaches.length > 0) ? 1 : 0
}

/** By seed, the newest; a line of when a seed meant something else says nothing of it. */
async function doneIn(out: string): Promise<Map<number, Result>> {
  const lines = (await resultsIn(out)).filter(({ seed, choice }) => isDeepStrictEqual(choice, choose(seed)))
  return new Map(lines.map((one) => [one.seed, one]))
}

function say(text: string): number {
  process.stdout.write(`${text}\n`)
  return 0
}

function needsOwnEngine({ fault }: Choice): boolean {
  if (fault.kind === 'disk') return fault.of === 'volumes' || fault.of === 'images'
  return fault.kind === 'engine' || fault.kind === 'clock'
}

interface Wanted {
  readonly only: readonly string[]
  readonly managers: readonly string[]
  readonly own: boolean
}

function seedsOf(from: number, count: number, { only, managers, own }: Wanted): number[] {
  const known: ReadonlySet<string> = new Set([...faultKinds, ...Manager.options])
  const unknown = [...only, ...managers].filter((one) => !known.has(one))
  if (unknown.length > 0) throw new Error(`not known: ${unknown.join(', ')}\n${usage}`)
  const seeds: number[] = []
  for (let seed = from; seeds.length < count; seed += 1) {
    const choice = choose(seed)
    const wanted = only.includes(choice.fault.kind) && managers.includes(choice.manager)
    if (wanted && (own || !needsOwnEngine(choice))) seeds.push(seed)
  }
  return seeds
}

interface Wish {
  readonly out: string
  readonly own: boolean
  readonly done: Map<number, Result>
  readonly until: number
}

async function run(seeds: readonly number[], { out, own, done, until }: Wish): Promise<void> {
  const choices = seeds.map(choose)
  const managers = new Set(choices.map(({ manager }) => manager))
  await using engine = own ? await ownEngine(out, managers) : sharedEngine()
  await using world = await openWorld(out, engine, choices)
  for (const [scene, { outcome, seconds, peakMb }] of world.oracles)
    say(`undisturbed ${scene}: ${outcome} after ${seconds} s, ${peakMb} MiB`)
  // What was begun is cleared away: the engine, its disk, and the session under way.
  let stopping = false
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => (stopping = true))
  for (const seed of seeds) {
    if (stopping || Date.now() > until) break
    const result = await runTrial(seed, world)
    done.set(seed, result)
    await appendFile(resultsFile(out), `${JSON.stringify(result)}\n`)
    const state = result.breaches.length > 0 ? 'BREACH' : result.happened ? 'held' : 'missed'
    say(`${seed}\t${state}\t${result.seconds} s\t${result.end}\t${result.what}`)
    for (const { check, detail } of result.breaches) say(`\t${check}: ${detail.slice(0, 1000)}`)
  }
}

process.exitCode = await main(process.argv.slice(2))
