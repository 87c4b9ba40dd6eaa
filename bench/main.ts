import { readdir } from 'node:fs/promises'
import Table from 'cli-table3'
import type { BenchRow } from './row.ts'

const NOT_BENCHES = new Set(['main.ts', 'press.ts', 'row.ts'])

/**
 * Runs the bench files named on the command line, or all; each exports functions that return rows. What they give to `kept`
 * is removed when all has been measured: a file system without a journal walks past what was deleted in the last minutes
 * with each file that it makes.
 */
async function main(names: readonly string[]): Promise<boolean> {
  const files = (await readdir(import.meta.dirname)).filter(
    (name) => name.endsWith('.ts') && !NOT_BENCHES.has(name),
  )
  const chosen = files
    .filter((name) => names.length === 0 || names.includes(name.replace(/\.ts$/, '')))
    .sort()
  const rows: BenchRow[] = []
  await using kept = new AsyncDisposableStack()
  for (const file of chosen) {
    const module: Record<string, unknown> = await import(new URL(file, import.meta.url).href)
    for (const [name, measure] of Object.entries(module)) {
      if (name.endsWith('Rows') && typeof measure === 'function') rows.push(...(await measure(kept)))
    }
  }
  const table = new Table({ head: ['what', 'value', 'goal', ''] })
  for (const { what, value, unit, goal, ok } of rows) {
    table.push([what, `${value.toFixed(value < 10 ? 2 : 0)} ${unit}`, goal, ok ? 'ok' : 'MISSED'])
  }
  process.stdout.write(`${table.toString()}\n`)
  return rows.every((row) => row.ok)
}

process.exitCode = (await main(process.argv.slice(2))) ? 0 : 1
