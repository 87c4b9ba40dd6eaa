import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type LogTool, summarise } from '../src/runner/ecosystems/summarise.ts'
import type { BenchRow } from './row.ts'

const SIZE = 100 * 1024 * 1024
const CHUNK = 64 * 1024

/** 100 MB of a log over and over, in chunks as a pipe gives them. */
function* chunks(log: Buffer): Generator<Buffer> {
  const doubled = Buffer.concat(
    log.length < CHUNK
      ? Array.from({ length: 1 + Math.ceil((2 * CHUNK) / log.length) }, () => log)
      : [log, log],
  )
  const period = doubled.length - CHUNK
  for (let sent = 0; sent < SIZE; sent += CHUNK)
    yield doubled.subarray(sent % period, (sent % period) + CHUNK)
}

/** Heap and resident memory peak while the log streams through, against before. */
async function measure(
  tool: LogTool,
  log: Buffer,
): Promise<{ cpuS: number; wallS: number; grownMb: number }> {
  globalThis.gc?.()
  const before = process.memoryUsage().rss
  let peak = before
  async function* watched() {
    let n = 0
    for (const chunk of chunks(log)) {
      yield chunk
      n += 1
      if (n % 64 === 0) peak = Math.max(peak, process.memoryUsage().rss)
    }
  }
  const start = performance.now()
  const cpu = process.cpuUsage()
  await summarise(tool, watched())
  const { user, system } = process.cpuUsage(cpu)
  const cpuS = rounded((user + system) / 1e6)
  return { cpuS, wallS: rounded((performance.now() - start) / 1000), grownMb: (peak - before) / 1024 / 1024 }
}

function fixtures(tool: string): Buffer {
  const folder = fileURLToPath(new URL(`../test/fixtures/logs/${tool}/`, import.meta.url))
  const logs = readdirSync(folder).filter((name) => name.endsWith('.log'))
  return Buffer.concat(logs.map((name) => readFileSync(folder + name)))
}

/** Lines as most of a long build's are: no failure among them. */
function quiet(tool: string): Buffer {
  const line =
    tool === 'maven'
      ? '[INFO] Downloaded from central: https://registry.example.com/maven2/org/acme/cart/1.0/cart-1.0.pom (2.1 kB at 97 kB/s)\n[INFO] Tests run: 3, Failures: 0, Errors: 0, Skipped: 0, Time elapsed: 0.01 s - in com.acme.shop.CartTest\n2023-08-10 13:41:28.660 INFO com.acme.shop.Cart: added 3 items to the cart of customer 17\n'
      : '    ✔ adds the price of 3 items (0.4ms)\ninfo  - compiled src/pages/cart/index.tsx in 132 ms (417 modules)\nGET /api/cart/17?items=3 200 in 12ms user=anonymous\n'
  return Buffer.from(line.repeat(100))
}

/** A failing build: one part in twenty is the output of failures, of every tool at once. */
function failing(tool: string): Buffer {
  const failures = fixtures(tool)
  const calm = quiet(tool)
  return Buffer.concat([
    ...Array.from({ length: Math.ceil((19 * failures.length) / calm.length) }, () => calm),
    failures,
  ])
}

function rounded(n: number): number {
  return Math.round(n * 100) / 100
}

/**
 * 100 MB of log in less than 3 s with flat memory. The CPU time is what counts: one thread does it all, and other
 * work on the machine would otherwise be measured too.
 */
export async function summariseRows(): Promise<BenchRow[]> {
  const rows: BenchRow[] = []
  for (const tool of ['maven', 'npm'] as const) {
    for (const [kind, log] of [
      ['quiet', quiet(tool)],
      ['failing', failing(tool)],
    ] as const) {
      const { cpuS, wallS, grownMb } = await measure(tool, log)
      const what = `summarise 100 MB, ${tool}, ${kind} (wall ${wallS} s)`
      rows.push({ what, value: cpuS, unit: 's CPU', goal: '≤ 3', ok: cpuS < 3 })
      const grown = Math.round(grownMb)
      rows.push({
        what: `  memory grown, ${tool}, ${kind}`,
        value: grown,
        unit: 'MB',
        goal: '≤ 150',
        ok: grown < 150,
      })
    }
  }
  return rows
}
