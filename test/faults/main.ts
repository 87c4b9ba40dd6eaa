import { appendFile, mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { readResultLines } from '../support/resultLines.ts'
import { type Choice, choose, describeChoice, faultKinds, Story } from './choice.ts'
import { ownEngine, sharedEngine } from './engine.ts'
import { tableOf } from './table.ts'
import { Result, runTrial } from './trial.ts'
import { openWorld } from './world.ts'

const usage = `npm run test:faults -- [--seeds 300] [--from 0] [--seed 6,11] [--only ${faultKinds.join(',')}] [--engine own|shared] [--minutes 60] [--out FOLDER] [--again] [--list]
Results are lines of FOLDER/results.jsonl: a seed that stands there is not run again; with --again those are that broke something, or that are named.
Needs root: an engine of its own that is killed (--engine shared does without, and without those seeds), and small disks that are filled.`

async function main(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seeds: { type: 'string', default: '300' },
      from: { type: 'string', default: '0' },
      seed: { type: 'string' },
      only: { type: 'string', default: faultKinds.join(',') },
      engine: { type: 'string', default: 'own' },
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
  const seeds = named ?? seedsOf(Number(values.from), Number(values.seeds), values.only.split(','), own)
  if (values.list) return say(seeds.map((seed) => `${seed}  ${describeChoice(choose(seed))}`).join('\n'))
  const out = resolve(values.out)
  await mkdir(out, { recursive: true })
  const known = await readResultLines(join(out, 'results.jsonl'), Result)
  const done = new Map(known.map((one) => [one.seed, one]))
  const stale = (seed: number): boolean =>
    values.again && (named !== undefined || (done.get(seed)?.breaches.length ?? 0) > 0)
  const pending = seeds.filter((seed) => !done.has(seed) || stale(seed))
  if (pending.length > 0)
    await run(pending, { out, own, done, until: Date.now() + Number(values.minutes) * 60_000 })
  const results = seeds.flatMap((seed) => done.get(seed) ?? [])
  say(`\n${tableOf(results)}`)
  return results.some(({ breaches }) => breaches.length > 0) ? 1 : 0
}

function say(text: string): number {
  process.stdout.write(`${text}\n`)
  return 0
}

function needsOwnEngine({ fault }: Choice): boolean {
  return fault.kind === 'engine' || (fault.kind === 'disk' && fault.of === 'engine')
}

function seedsOf(from: number, count: number, only: readonly string[], own: boolean): number[] {
  const unknown = only.filter((one) => !faultKinds.some((kind) => kind === one))
  if (unknown.length > 0) throw new Error(`not known: ${unknown.join(', ')}\n${usage}`)
  const seeds: number[] = []
  for (let seed = from; seeds.length < count; seed += 1) {
    const choice = choose(seed)
    if (only.includes(choice.fault.kind) && (own || !needsOwnEngine(choice))) seeds.push(seed)
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
  await using engine = own ? await ownEngine(out) : sharedEngine()
  await using world = await openWorld(out, engine, Story.options)
  for (const [story, { outcome, seconds, peakMb }] of Object.entries(world.oracles))
    say(`undisturbed ${story}: ${outcome} after ${seconds} s, ${peakMb} MiB`)
  // What was begun is cleared away: the engine, its disk, and the session under way.
  let stopping = false
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => (stopping = true))
  for (const seed of seeds) {
    if (stopping || Date.now() > until) break
    const result = await runTrial(seed, world)
    done.set(seed, result)
    await appendFile(join(out, 'results.jsonl'), `${JSON.stringify(result)}\n`)
    const state = result.breaches.length > 0 ? 'BREACH' : result.happened ? 'held' : 'missed'
    say(`${seed}\t${state}\t${result.seconds} s\t${result.end}\t${result.what}`)
    for (const { check, detail } of result.breaches) say(`\t${check}: ${detail.slice(0, 1000)}`)
  }
}

process.exitCode = await main(process.argv.slice(2))
