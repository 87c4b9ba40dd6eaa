import { spawnSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { constants } from 'node:os'
import { join } from 'node:path'
import { workspacePath } from '../../src/contract/workspace.ts'
import { readReport } from './junitXml.ts'
import { reportFolders, reportsIn } from './reports.ts'

/** Runs a command; with a folder for results, turns the test reports that it leaves into one `ResultLine` a test. */
export function check(results: string | undefined, command: readonly string[]): number {
  // Reports that were there before say nothing about this run.
  if (results !== undefined)
    for (const stale of reportFolders(workspacePath)) rmSync(stale, { recursive: true })
  const [file = '', ...args] = command
  const { status, signal, error } = spawnSync(file, args, { stdio: 'inherit' })
  if (error !== undefined) process.stderr.write(`${error.message}\n`)
  if (results !== undefined) record(results)
  return status ?? (signal === null ? 127 : 128 + constants.signals[signal])
}

function record(results: string): void {
  const lines = reportsIn(workspacePath).flatMap(readReport)
  if (lines.length === 0) return
  mkdirSync(results, { recursive: true })
  writeFileSync(join(results, 'maven.jsonl'), lines.map((line) => `${JSON.stringify(line)}\n`).join(''))
}
