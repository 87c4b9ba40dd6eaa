import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cp, mkdtemp, readdir, readFile, realpath } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { discard } from './keys.ts'

const run = promisify(execFile)

const IDENTITY = ['-c', 'user.name=Tess Tester', '-c', 'user.email=tess@example.com']

/** Plain git in a folder that only tests own. */
export async function git(cwd: string, ...args: readonly string[]): Promise<string> {
  const { stdout } = await run('git', [...IDENTITY, ...args], { cwd, maxBuffer: 64 << 20 })
  return stdout.trim()
}

export interface TestRepository extends AsyncDisposable {
  readonly root: string
}

/** A fixture project copied to a fresh folder, changed there, and committed on `main`. */
export async function fixtureRepository(
  name: string,
  change?: (root: string) => Promise<unknown>,
): Promise<TestRepository> {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'drydock-fixture-')))
  await cp(join(import.meta.dirname, '../fixtures/projects', name, 'repo'), root, { recursive: true })
  await change?.(root)
  await git(root, 'init', '--quiet', '--initial-branch=main')
  await git(root, 'config', 'user.name', 'Tess Tester')
  await git(root, 'config', 'user.email', 'tess@example.com')
  await git(root, 'add', '--all')
  await git(root, 'commit', '--quiet', '--message', 'First version')
  return { root, [Symbol.asyncDispose]: () => discard(root) }
}

/** One digest over every file below a folder, `.git` included: equal means bit for bit as before. */
export async function folderDigest(root: string): Promise<string> {
  const hash = createHash('sha256')
  const names = await readdir(root, { recursive: true, withFileTypes: true })
  const files = names.filter((n) => !n.isDirectory()).map((n) => join(n.parentPath, n.name))
  for (const file of files.sort()) hash.update(file.slice(root.length)).update(await readFile(file))
  return hash.digest('hex')
}
