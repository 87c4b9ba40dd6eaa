import { performance } from 'node:perf_hooks'
import { execa } from 'execa'
import type { ContainerSpec } from '../src/runner/docker/sandbox.ts'
import type { Turn } from '../test/support/model/script.ts'
import { startModel } from '../test/support/model/server.ts'
import { openRepairBench, playAttempt, type RepairBench } from '../test/support/repair.ts'
import { type BenchRow, median } from './row.ts'

const repetitions = 7
const toolTurns = 20
const read: Turn = { toolUses: [{ name: 'Read', input: { path: 'README.md' } }] }

interface Measured {
  /** From the first API call for the container to the model's first request, milliseconds. */
  readonly toFirstRequestMs: number
  readonly firstRequestBytes: number
  /** From each request to the next, milliseconds. */
  readonly turnMs: number
}

async function measure(bench: RepairBench, turns: number): Promise<Measured> {
  const asked: number[] = []
  const model = await startModel({
    agent: (_request, number) => {
      asked.push(performance.now())
      return number <= turns ? read : { text: 'Done.' }
    },
  })
  let created = 0
  const start = bench.box.sandbox.start.bind(bench.box.sandbox)
  const sandbox = {
    ...bench.box.sandbox,
    start: (spec: ContainerSpec, signal?: AbortSignal) => {
      created = performance.now()
      return start(spec, signal)
    },
  }
  const attempt = await playAttempt({ ...bench, box: { ...bench.box, sandbox } }, model, {
    limits: { maxTurns: turns + 1 },
  })
  await model.close()
  if (attempt.end !== 'done') throw new Error(`the attempt ended in ${attempt.end}: ${attempt.detail}`)
  const gaps = asked.slice(1).map((time, index) => time - (asked[index] ?? time))
  return {
    toFirstRequestMs: (asked[0] ?? Number.NaN) - created,
    firstRequestBytes: model.requests[0]?.bytes ?? Number.NaN,
    turnMs: gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length,
  }
}

/** What a container and Node cost by themselves, on the machine as it is right now. */
async function plainNode(image: string): Promise<number> {
  const startedAt = performance.now()
  await execa('docker', ['run', '--rm', '--network', 'none', image, 'node', '-e', '0'])
  return performance.now() - startedAt
}

/** The agent's container against a model that answers at once. */
export async function agentRows(): Promise<readonly BenchRow[]> {
  await using bench = await openRepairBench({ 'README.md': '# Bench\n', '.gitignore': 'node_modules/\n' })
  const first: Measured[] = []
  const plain: number[] = []
  for (let run = 0; run < repetitions; run += 1) {
    plain.push(await plainNode(bench.image.id))
    first.push(await measure(bench, 1))
  }
  const long: Measured[] = []
  for (let run = 0; run < 3; run += 1) long.push(await measure(bench, toolTurns))
  const seconds = median(first.map((run) => run.toFirstRequestMs)) / 1000
  const ratio = (seconds * 1000) / median(plain)
  const turnMs = median(long.map((run) => run.turnMs))
  const kilobytes = (first[0]?.firstRequestBytes ?? Number.NaN) / 1000
  return [
    {
      what: 'agent container, create to first model request',
      value: seconds,
      unit: 's',
      goal: '≤ 0.8',
      ok: seconds <= 0.8,
    },
    {
      what: 'the same, against docker run --rm IMAGE node -e 0',
      value: ratio,
      unit: '×',
      goal: 'none',
      ok: true,
    },
    {
      what: 'harness cost of a tool turn, over 20',
      value: turnMs,
      unit: 'ms',
      goal: '≤ 15',
      ok: turnMs <= 15,
    },
    {
      what: 'first model request, without repository context',
      value: kilobytes,
      unit: 'kB',
      goal: '≤ 16',
      ok: kilobytes <= 16,
    },
  ]
}
