import { appendFile, mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import pLimit from 'p-limit'
import { readResultLines } from '../support/resultLines.ts'
import { openBench } from './bench.ts'
import { changes, choose, describeChoice, managers } from './choice.ts'
import { tableOf } from './table.ts'
import { Result, runTrial } from './trial.ts'
import { wrong } from './verdict.ts'

const usage = `npm run test:truth -- [--seeds 200] [--from 0] [--seed 6,11] [--only npm,pnpm,…] [--changes clean,exits,…] [--jobs 1] [--out FOLDER] [--again] [--keep] [--list]
Results are lines of FOLDER/results.jsonl: a seed that stands there is not run again; with --again those are that went wrong.`

interface Wish {
  readonly seeds: readonly number[]
  readonly jobs: number
  readonly out: string
  readonly keep: boolean
  readonly again: boolean
}

async function main(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seeds: { type: 'string', default: '200' },
      from: { type: 'string', default: '0' },
      seed: { type: 'string' },
      only: { type: 'string', default: managers.join(',') },
      changes: { type: 'string', default: changes.join(',') },
      jobs: { type: 'string', default: '1' },
      out: { type: 'string', default: 'test/.cache/truth' },
      again: { type: 'boolean', default: false },
      keep: { type: 'boolean', default: false },
      list: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return say(usage)
  const named = values.seed?.split(',').map(Number)
  const seeds =
    named ??
    seedsOf(Number(values.from), Number(values.seeds), values.only.split(','), values.changes.split(','))
  if (values.list) return say(seeds.map((seed) => `${seed}  ${describeChoice(choose(seed))}`).join('\n'))
  const results = await run({
    seeds,
    jobs: Number(values.jobs),
    out: resolve(values.out),
    keep: values.keep,
    again: values.again,
  })
  say(`\n${tableOf(results)}`)
  return results.some(({ judgement }) => wrong.includes(judgement)) ? 1 : 0
}

function say(text: string): number {
  process.stdout.write(`${text}\n`)
  return 0
}

function seedsOf(from: number, count: number, only: readonly string[], kinds: readonly string[]): number[] {
  const unknown = [...only, ...kinds].filter(
    (one) => ![...managers, ...changes].some((known) => known === one),
  )
  if (unknown.length > 0) throw new Error(`not known: ${unknown.join(', ')}\n${usage}`)
  const seeds: number[] = []
  for (let seed = from; seeds.length < count; seed += 1) {
    const { manager, change } = choose(seed)
    if (only.includes(manager) && kinds.includes(change)) seeds.push(seed)
  }
  return seeds
}

async function run({ seeds, jobs, out, keep, again }: Wish): Promise<readonly Result[]> {
  await mkdir(out, { recursive: true })
  const file = join(out, 'results.jsonl')
  const all = keep ? [] : await readResultLines(file, Result)
  const known = again ? all.filter(({ judgement }) => !wrong.includes(judgement)) : all
  const results = new Map(
    seeds.flatMap((seed) => known.filter((one) => one.seed === seed)).map((one) => [one.seed, one]),
  )
  const pending = seeds.filter((seed) => !results.has(seed))
  const inTurn = pLimit(1)
  const worker = async (number: number): Promise<void> => {
    const java = seeds.some((seed) => choose(seed).manager === 'maven')
    // What all share (package managers, the library's jars) is made by the first of them.
    await using bench = await inTurn(() => openBench(out, { java, number, keep, inTurn }))
    for (let seed = pending.shift(); seed !== undefined; seed = pending.shift()) {
      const result = await runTrial(seed, bench)
      results.set(seed, result)
      await appendFile(file, `${JSON.stringify(result)}\n`)
      const { host: outside, drydock, patched } = result.seconds
      if (result.folder !== undefined) say(result.folder)
      say(`${seed}\t${result.judgement}\t${outside} + ${drydock} + ${patched} s\t${result.project}`)
    }
  }
  await Promise.all(Array.from({ length: jobs }, (_, number) => worker(number)))
  return seeds.flatMap((seed) => results.get(seed) ?? [])
}

process.exitCode = await main(process.argv.slice(2))
