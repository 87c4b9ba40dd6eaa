import { createHash } from 'node:crypto'
import { lstat, mkdir, mkdtemp, readdir, readFile, readlink, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { execa } from 'execa'

/** A temporary folder that removes itself: `await using folder = await temporaryFolder()`. */
export async function temporaryFolder(): Promise<{ readonly path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), 'drydock-test-'))
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) }
}

export type FileContent = string | Buffer | { readonly link: string } | { readonly executable: string }

export async function writeFiles(root: string, files: Readonly<Record<string, FileContent>>): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    const path = join(root, name)
    await mkdir(dirname(path), { recursive: true })
    if (typeof content === 'string' || Buffer.isBuffer(content)) await writeFile(path, content)
    else if ('link' in content) await symlink(content.link, path)
    else await writeFile(path, content.executable, { mode: 0o755 })
  }
}

/** Runs git as a user would, with an identity and no configuration of this machine. */
export async function git(cwd: string, ...args: readonly string[]): Promise<string> {
  const { stdout } = await execa('git', [...args], {
    cwd,
    env: {
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_AUTHOR_NAME: 'Ada',
      GIT_AUTHOR_EMAIL: 'ada@example.com',
      GIT_COMMITTER_NAME: 'Ada',
      GIT_COMMITTER_EMAIL: 'ada@example.com',
    },
  })
  return stdout
}

/** A repository with one commit of the files. */
export async function makeRepository(
  root: string,
  files: Readonly<Record<string, FileContent>>,
): Promise<string> {
  await mkdir(root, { recursive: true })
  await git(root, 'init', '-q', '-b', 'main')
  await writeFiles(root, files)
  await git(root, 'add', '-A', '-f')
  await git(root, 'commit', '-q', '--allow-empty', '-m', 'First')
  return git(root, 'rev-parse', 'HEAD')
}

/** Everything beneath a folder as one hash: names, modes, link targets and bytes. */
export async function hashFolder(root: string): Promise<string> {
  const hash = createHash('sha256')
  const names = (await readdir(root, { recursive: true })).sort()
  for (const name of names) {
    const path = join(root, name)
    const found = await lstat(path)
    hash.update(`${name}\0${found.mode}\0`)
    if (found.isFile()) hash.update(await readFile(path))
    if (found.isSymbolicLink()) hash.update(await readlink(path))
  }
  return hash.digest('hex')
}
