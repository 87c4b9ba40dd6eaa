import { createHash, randomBytes } from 'node:crypto'
import { cp, mkdir, readdir, readFile, rename, rm, stat, utimes } from 'node:fs/promises'
import { dirname, join, sep } from 'node:path'

/** What a runner needs, relative to the extension's folder. */
const parts = ['package.json', 'dist', 'prompts', 'sandbox/images']
/** Of `dist`, what is the editor's own; source maps are for developers. */
const editorsOwn = /^dist\/(?:extension|webview)\/|\.map$/
const staleMs = 30 * 24 * 60 * 60 * 1000

export interface RunnerCopyOptions {
  /** Where the extension is installed; an update removes it while runners go on. */
  readonly from: string
  /** Folder of all copies. */
  readonly to: string
  readonly version: string
}

/** The launcher's path in a copy of the runner that no update of the extension removes; made where it is missing. */
export async function runnerCopy({ from, to, version }: RunnerCopyOptions): Promise<string> {
  const files = await filesOf(from)
  const folder = join(to, `${version}-${await digestOf(from, files)}`)
  const launcher = join(folder, 'dist', 'launch.mjs')
  if (await isThere(launcher)) {
    await utimes(folder, new Date(), new Date()).catch(() => {}) // another user's copy does as well
    return launcher
  }
  const partial = join(to, `.partial-${randomBytes(6).toString('hex')}`)
  await mkdir(partial, { recursive: true })
  for (const file of files) await copyFile(join(from, file), join(partial, file))
  await rename(partial, folder).catch(async (error: unknown) => {
    await rm(partial, { recursive: true, force: true })
    if (!(await isThere(launcher))) throw error // else another window was first
  })
  await removeStale(to, folder)
  return launcher
}

async function copyFile(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true })
  await cp(from, to)
}

/** All files, relative, in slashes, sorted. */
async function filesOf(root: string): Promise<readonly string[]> {
  const found = await Promise.all(
    parts.map(async (part) => {
      const names = await readdir(join(root, part), { recursive: true, withFileTypes: true }).catch(
        () => undefined,
      )
      if (names === undefined) return [part]
      return names
        .filter((name) => name.isFile())
        .map((name) => join(name.parentPath, name.name).slice(root.length + 1))
    }),
  )
  return found
    .flat()
    .map((name) => name.split(sep).join('/'))
    .filter((name) => !editorsOwn.test(name))
    .sort()
}

async function digestOf(root: string, files: readonly string[]): Promise<string> {
  const hash = createHash('sha256')
  for (const file of files) hash.update(`${file}\0`).update(await readFile(join(root, file)))
  return hash.digest('hex').slice(0, 16)
}

/** Copies that no session was started from for a month: none of their runners can be alive. */
async function removeStale(to: string, kept: string): Promise<void> {
  for (const name of await readdir(to)) {
    const folder = join(to, name)
    const found = await stat(folder).catch(() => undefined)
    if (folder === kept || found === undefined || Date.now() - found.mtimeMs < staleMs) continue
    await rm(folder, { recursive: true, force: true })
  }
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}
