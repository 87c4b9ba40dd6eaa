import { existsSync } from 'node:fs'
import { cp, mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { DrydockError } from '../../contract/failure.ts'
import { failures } from '../../contract/failures.ts'
import { type Environment, type Git, plainGit, userGit } from '../git/program.ts'
import type { RepairCase } from './set.ts'

export interface RepositoryOptions {
  /** Folder of the set. */
  readonly base: string
  /** Gets the repositories. */
  readonly out: string
  /** Holds copies: `owner+name/repo`, `owner/name.git` or `owner/name`; the forge is asked where undefined. */
  readonly copies?: string
  readonly env: Environment
  readonly signal: AbortSignal
}

const branch = 'refs/heads/drydock-eval'
const author = { GIT_AUTHOR_NAME: 'drydock', GIT_AUTHOR_EMAIL: 'drydock@example.com' }
const committer = { GIT_COMMITTER_NAME: 'drydock', GIT_COMMITTER_EMAIL: 'drydock@example.com' }
/** The same files are the same commit whenever they are read: what is kept of a base serves again. */
const date = { GIT_AUTHOR_DATE: '2026-01-01T00:00:00Z', GIT_COMMITTER_DATE: '2026-01-01T00:00:00Z' }

/** Where a session of the case is started: its repository, or the folder of it, at its commit; nothing of a fetched one is checked out. */
export async function caseRepository(one: RepairCase, options: RepositoryOptions): Promise<string> {
  const place = join(await wholeRepository(one, options), one.folder ?? '')
  // Where nothing is checked out, the project's folder is there to be named, not to be read.
  await mkdir(place, { recursive: true })
  return place
}

async function wholeRepository(one: RepairCase, options: RepositoryOptions): Promise<string> {
  const { files, repository = '', commit = '', before = false } = one
  if (files !== undefined)
    return await fromFiles(join(options.base, files), join(options.out, one.id), options)
  const name = `${repository.replaceAll(/[^\w.-]+/g, '+')}@${commit.slice(0, 12)}${before ? '~1' : ''}`
  const folder = join(options.out, name)
  if (existsSync(join(folder, '.git', 'drydock-complete'))) return folder
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  const git = plainGit(folder, options.env)
  await git.run(['init', '--quiet'])
  try {
    await fetched(repository, commit, before ? 2 : 1, folder, options)
    await standAt(git, before ? await git.text(['rev-parse', '--verify', `${commit}^1`]) : commit)
  } catch (error) {
    await rm(folder, { recursive: true, force: true })
    const why = error instanceof DrydockError ? error.failure.message : String(error)
    throw failures.badUsage(`${repository} at ${commit.slice(0, 12)} is not to be had: ${why}`)
  }
  await mkdir(join(folder, '.git', 'drydock-complete'))
  return folder
}

async function fetched(
  repository: string,
  commit: string,
  depth: number,
  folder: string,
  options: RepositoryOptions,
) {
  const from = copyOf(repository, options.copies) ?? addressOf(repository)
  const git = userGit(folder, options.env, ['protocol.ext.allow=never', 'gc.auto=0'])
  const fetch = ['fetch', '--quiet', '--no-tags', '--no-recurse-submodules', `--depth=${depth}`]
  await git.run([...fetch, '--', from, commit], { signal: options.signal, silentMs: 120_000 })
}

function copyOf(repository: string, copies: string | undefined): string | undefined {
  if (copies === undefined || repository.includes('://')) return undefined
  const plus = join(copies, repository.replace('/', '+'), 'repo')
  const places = [join(plus, '.git'), plus, join(copies, `${repository}.git`), join(copies, repository)]
  return places.find((place) => existsSync(place))
}

function addressOf(repository: string): string {
  return repository.includes('://') ? repository : `https://github.com/${repository}.git`
}

async function standAt(git: Git, commit: string): Promise<void> {
  await git.run(['update-ref', branch, commit])
  await git.run(['symbolic-ref', 'HEAD', branch])
}

async function fromFiles(source: string, folder: string, { env }: RepositoryOptions): Promise<string> {
  if (!existsSync(source)) throw failures.badUsage(`${source} is not there.`)
  await rm(folder, { recursive: true, force: true })
  await cp(source, folder, { recursive: true })
  const git = plainGit(folder, env)
  await git.run(['init', '--quiet'])
  await git.run(['add', '--all', '--force'])
  const tree = await git.text(['write-tree'])
  const made = await git.text(['commit-tree', '-m', 'The project', tree], {
    env: { ...author, ...committer, ...date },
  })
  await standAt(git, made)
  return folder
}
