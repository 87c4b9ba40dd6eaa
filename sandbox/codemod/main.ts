import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { CodemodAnswer } from '../../src/contract/codemod.ts'
import { codemodPaths } from '../../src/contract/codemodPaths.ts'
import { run } from '../process/run.ts'

/* Applies a codemod to the files below one folder, and writes down which of them it changed. */

const timeoutMs = 120_000
const maxFailed = 20

type Failed = CodemodAnswer['failed']

function readCode(): ReadonlyMap<string, string> {
  const { code } = codemodPaths
  const entries = readdirSync(code, { recursive: true, withFileTypes: true })
  return new Map(
    entries
      .filter((entry) => entry.isFile())
      .map((entry) => {
        const path = join(entry.parentPath, entry.name)
        return [path.slice(code.length + 1), readFileSync(path, 'utf8')] as const
      }),
  )
}

/** By the rules' own languages; what is no rule ends with the tool's words. */
async function byRules(): Promise<Failed> {
  const { rules, code, folder } = codemodPaths
  const args = ['scan', '--rule', rules, '--update-all', '--no-ignore', 'hidden', '--no-ignore', 'vcs', code]
  const { exitCode, stdout, stderr } = await run({
    ...{ file: '/usr/local/bin/ast-grep', args, cwd: folder, timeoutMs, maxBytes: 1024 * 1024 },
    env: { PATH: '/usr/local/bin:/usr/bin:/bin', HOME: '/tmp', NO_COLOR: '1' },
    signal: new AbortController().signal,
  })
  // 1: a rule of severity `error` has met something, which is what it is for.
  if (exitCode === 0 || exitCode === 1) return []
  throw new Error(`${stderr}\n${stdout}`.trim())
}

async function byScript(before: ReadonlyMap<string, string>): Promise<Failed> {
  const { default: transform } = await import(pathToFileURL(codemodPaths.script).href)
  if (typeof transform !== 'function') throw new Error('the script exports no function as its default')
  const failed: { path: string; message: string }[] = []
  for (const [path, text] of before) {
    try {
      const after: unknown = await transform(text, path)
      if (typeof after === 'string' && after !== text) writeFileSync(join(codemodPaths.code, path), after)
    } catch (error) {
      if (failed.length < maxFailed) failed.push({ path, message: String(error).slice(0, 500) })
    }
  }
  return failed
}

async function main([kind]: readonly string[]): Promise<number> {
  // The image's last step lets every program start once.
  if (kind === '--warm') return 0
  mkdirSync(codemodPaths.code, { recursive: true })
  const before = readCode()
  try {
    const failed = kind === 'script' ? await byScript(before) : await byRules()
    const changed = [...readCode()]
      .filter(([path, text]) => before.get(path) !== text)
      .map(([path, text]) => ({ path, text }))
    const answer: CodemodAnswer = { changed, failed: [...failed] }
    writeFileSync(codemodPaths.result, JSON.stringify(answer))
    return 0
  } catch (error) {
    process.stderr.write(error instanceof Error ? error.message : String(error))
    return 1
  }
}

process.exitCode = await main(process.argv.slice(2))
