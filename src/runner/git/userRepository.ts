import { realpath, rm, stat } from 'node:fs/promises'
import { join, relative, resolve } from 'node:path'
import type { SimpleGit } from 'simple-git'
import { failures } from '../../contract/failures.ts'
import { scratchFolder } from '../scratch.ts'
import { openBareRepository } from './bareRepository.ts'
import { answer, GitExit, told, userPorcelain } from './porcelain.ts'
import { bareGit, type Environment } from './program.ts'
import { isDirty } from './workTree.ts'

/** The user's repository as a session starts from it. */
export interface UserRepository {
  /** Absolute path of the work tree's top. */
  readonly root: string
  /** Folder in it that was asked about, in slashes; empty for the top. */
  readonly folder: string
  readonly headCommit: string
  readonly branch?: string
  /** The remote that pushes go to; its URL without credentials. */
  readonly remote?: { readonly name: string; readonly url: string }
  /** Whether something is modified, deleted or untracked. */
  readonly dirty: boolean
  readonly shallow: boolean
}

/** Finds the repository around `path`, reading only. Throws `not-a-repository`, `empty-repository`, `unsupported-repository`. */
export async function openRepository(path: string, env: Environment = {}): Promise<UserRepository> {
  const start = resolve(path)
  if (!(await isFolder(start))) throw failures.noSuchFolder(path)
  const git = userPorcelain(start, env)
  const root = await workTreeTop(git, start, env)
  const headCommit = await answer(git.revparse(['--verify', '--quiet', 'HEAD^{commit}']), [1])
  if (headCommit === '') throw failures.emptyRepository(root)
  const branch = await answer(git.raw('symbolic-ref', '--quiet', '--short', 'HEAD'), [1])
  const remote = await pushRemote(git, branch)
  return {
    root,
    folder: relative(root, await realpath(start)).replaceAll('\\', '/'),
    headCommit,
    ...(branch === '' ? {} : { branch }),
    ...(remote === undefined ? {} : { remote: { name: remote.name, url: withoutCredentials(remote.url) } }),
    dirty: await dirty(root, headCommit, env),
    shallow: (await answer(git.revparse(['--is-shallow-repository']), [])) === 'true',
  }
}

async function workTreeTop(git: SimpleGit, start: string, env: Environment): Promise<string> {
  const inside = await git.revparse(['--is-inside-work-tree']).catch((error: unknown) => {
    if (error instanceof GitExit && error.exitCode === 128) return undefined
    throw told(error)
  })
  if (inside === undefined) {
    const trusting = userPorcelain(start, env, ['safe.directory=*'])
    const top = await answer(trusting.revparse(['--show-toplevel']), [128])
    throw top === '' ? failures.notARepository(start) : failures.repositoryOwner(start)
  }
  if (inside !== 'true') {
    throw failures.unsupportedRepository(
      start,
      'it is a bare repository or inside a .git folder',
      'Give --repo the path of a work tree.',
    )
  }
  return realpath(await answer(git.revparse(['--show-toplevel']), []))
}

export interface PushRemote {
  readonly name: string
  /** As git would push to it: `pushInsteadOf` and `insteadOf` applied, credentials included. */
  readonly url: string
}

/** The remote git would push `branch` to; `origin` or the only one where nothing is said. */
export async function pushRemote(git: SimpleGit, branch: string): Promise<PushRemote | undefined> {
  const names = (await git.getRemotes()).map(({ name }) => name)
  const said = [
    ...(branch === '' ? [] : [`branch.${branch}.pushRemote`]),
    'remote.pushDefault',
    ...(branch === '' ? [] : [`branch.${branch}.remote`]),
  ]
  const wishes = await Promise.all(said.map((key) => answer(git.raw('config', '--get', key), [1])))
  const only = names.length === 1 ? names : []
  const name = [...wishes, 'origin', ...only].find((wish) => names.includes(wish))
  if (name === undefined) return undefined
  return { name, url: await answer(git.raw('remote', 'get-url', '--push', name), []) }
}

/** An HTTP URL without user and password; other kinds carry none that could be used. */
export function withoutCredentials(url: string): string {
  if (!/^[a-z+]+:\/\//i.test(url) || !URL.canParse(url)) return url
  const parsed = new URL(url)
  parsed.password = ''
  if (/^https?:$/.test(parsed.protocol)) parsed.username = ''
  return parsed.username === '' && parsed.password === '' && !url.includes('@') ? url : parsed.href
}

async function dirty(root: string, headCommit: string, env: Environment): Promise<boolean> {
  const folder = await scratchFolder('status')
  try {
    const { dir } = await openBareRepository({ dir: join(folder, 'repo.git'), source: root, env })
    return await isDirty({ git: bareGit(dir, env), dir, root, env }, headCommit)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  )
}
