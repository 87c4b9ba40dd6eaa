import { createHash } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { CommandContext } from './context.ts'

function fileOf({ cache }: CommandContext, root: string): string {
  return join(cache, 'turns', createHash('sha256').update(root).digest('hex').slice(0, 32))
}

/** How often somebody of a repository's list of reviewers was asked before, on this machine. */
export async function turnOf(context: CommandContext, root: string): Promise<number> {
  const text = await readFile(fileOf(context, root), 'utf8').catch(() => '0')
  return /^\d{1,9}$/.test(text) ? Number(text) : 0
}

export async function takeTurn(context: CommandContext, root: string): Promise<void> {
  const file = fileOf(context, root)
  const next = (await turnOf(context, root)) + 1
  await mkdir(dirname(file), { recursive: true, mode: 0o700 })
  await writeFile(file, String(next), { mode: 0o600 })
}
