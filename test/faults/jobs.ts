import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { readResultLines } from '../support/resultLines.ts'
import { choose } from './choice.ts'
import { Result } from './trial.ts'

const program = join(import.meta.dirname, 'main.ts')
const folderOf = (job: number): string => `job-${job}`
const file = 'results.jsonl'

/** Those of one manager stay together: each job has to see the sessions of its own undisturbed. */
export function partsOf(seeds: readonly number[], jobs: number): number[][] {
  const sorted = seeds.toSorted((a, b) => choose(a).manager.localeCompare(choose(b).manager) || a - b)
  const size = Math.ceil(sorted.length / jobs)
  const parts = Array.from({ length: jobs }, (_, job) => sorted.slice(job * size, (job + 1) * size))
  return parts.filter((part) => part.length > 0)
}

/** Each is a campaign of its own in a folder below, with engine, disks and servers that no other one has. */
export async function runJobs(
  parts: readonly number[][],
  out: string,
  rest: readonly string[],
): Promise<void> {
  const children = parts.map((part, job) => {
    const args = ['--seed', part.join(','), '--again', '--out', join(out, folderOf(job + 1)), ...rest]
    return spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'inherit', 'inherit'] })
  })
  // A terminal tells them all; whoever ends this one alone means them too.
  process.once('SIGTERM', () => {
    for (const child of children) child.kill('SIGTERM')
  })
  process.once('SIGINT', () => {})
  await Promise.all(children.map((child) => once(child, 'exit')))
}

/** Results of every campaign in a folder, whatever number of jobs it was run with. */
export async function resultsIn(out: string): Promise<readonly Result[]> {
  const jobs = (await readdir(out)).filter((name) => name.startsWith(folderOf(0).slice(0, -1)))
  const files = ['', ...jobs].map((folder) => join(out, folder, file))
  return (await Promise.all(files.map((one) => readResultLines(one, Result)))).flat()
}

export const resultsFile = (out: string): string => join(out, file)
