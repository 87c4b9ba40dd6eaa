import type { SimpleGit } from 'simple-git'
import { DrydockError } from '../../contract/failure.ts'
import { failures } from '../../contract/failures.ts'
import { isDiskFull } from '../../store/files.ts'
import { apart } from './credentials.ts'
import { records } from './objects.ts'
import { answer, GitExit, isSilence, networkPorcelain, told, userPorcelain } from './porcelain.ts'
import { type Environment, failureOf, type Git, userGit } from './program.ts'
import type { Identity } from './repository.ts'
import { withoutCredentials } from './userRepository.ts'

/** The remote recorded at a session's start, reached with the user's own credentials. */
export interface Remote {
  /** Branch names with the commits they point to; `patterns` as `git ls-remote` takes them. */
  branches(patterns: readonly string[]): Promise<ReadonlyMap<string, string>>
  /** Makes a new branch; false where one of that name has come into being. Never changes one. */
  pushNew(commit: string, branch: string): Promise<boolean>
  /** Adds commits to a branch that is there, never over what somebody else has put on it: false where that is so. */
  pushOnto(commit: string, branch: string): Promise<boolean>
  /** Brings the tips of branches into our bare repository, with all that they stand on. */
  fetch(branches: readonly string[]): Promise<void>
}

export interface RemoteOptions {
  /** Our bare repository, which holds the commit. */
  readonly dir: string
  /** The user's work tree, whose configuration says how to get to the remote. */
  readonly root: string
  readonly recorded: { readonly name: string; readonly url: string }
  readonly env: Environment
  /** Another repository of the same server, `owner/name`: a fork. */
  readonly fork?: string
  readonly signal?: AbortSignal
  /** Longest silence of the server, ms. */
  readonly silentMs?: number
}

const silentMsByDefault = 60_000

/** What of the user's configuration a connection needs; nothing of it concerns the repository's content. */
const connectionSettings = '^(http|https|credential|ssh|protocol)\\.|^core\\.(sshcommand|gitproxy|askpass)$'
const alias = 'drydock-target'

/** Throws `no-remote` or `push-failed` where the recorded remote is gone or points elsewhere by now. */
export async function openRemote(options: RemoteOptions): Promise<Remote> {
  const { recorded, root, env, dir, fork, signal, silentMs = silentMsByDefault } = options
  const user = userPorcelain(root, env)
  const url = await answer(user.raw('remote', 'get-url', '--push', recorded.name), [2, 128])
  if (url === '') throw failures.remoteGone(recorded.name)
  if (withoutCredentials(url) !== recorded.url) {
    throw failures.pushFailed(recorded.name, 'it points elsewhere than when the session began')
  }
  const settings = await userSettings(userGit(root, env), connectionSettings)
  const target = apart(fork === undefined ? url : forkUrl(url, fork))
  // Through the environment, because an argument list is for everybody to read.
  const forServer = [
    // What git starts to talk over HTTP ends by itself then, whoever it lost.
    ['http.lowSpeedLimit', '1'],
    ['http.lowSpeedTime', String(Math.max(1, Math.ceil(silentMs / 1000)))],
    ...settings,
    ...target.settings,
    [`remote.${alias}.url`, target.url],
  ] as const
  const talk: Talk = {
    git: networkPorcelain(dir, { ...env, ...target.variables }, forServer, {
      silentMs,
      ...(signal === undefined ? {} : { signal }),
    }),
    name: fork ?? recorded.name,
    silentMs,
  }
  return {
    branches: (patterns) => listBranches(talk, patterns),
    pushNew: (commit, branch) => pushNew(talk, commit, branch),
    pushOnto: (commit, branch) => pushOnto(talk, commit, branch),
    fetch: (branches) => fetchTips(talk, branches),
  }
}

/** The same server, reached in the same way: a fork's address is never taken from anybody's answer. */
function forkUrl(url: string, fork: string): string {
  return url.replace(/[^/:]+\/[^/]+?(\.git)?\/*$/, (_, end: string | undefined) => `${fork}${end ?? ''}`)
}

export async function userSettings(
  user: Git,
  pattern: string,
): Promise<readonly (readonly [string, string])[]> {
  const { stdout } = await user.run(['config', '-z', '--get-regexp', pattern], { answers: [1] })
  return records(stdout).map((record) => {
    const [key = '', value = 'true'] = record.split(/\n(.*)/s)
    return [key, value] as const
  })
}

interface Talk {
  readonly git: SimpleGit
  /** The remote's, as the user calls it. */
  readonly name: string
  readonly silentMs: number
}

async function listBranches(talk: Talk, patterns: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const refs = patterns.map((pattern) => `refs/heads/${pattern}`)
  const listed = await talk.git.listRemote(['--heads', alias, ...refs]).catch((error: unknown) => {
    throw notPushed(talk, error)
  })
  const lines = listed.split('\n').filter((line) => line !== '')
  return new Map(
    lines.map((line) => {
      const [commit = '', ref = ''] = line.split('\t')
      return [ref.replace(/^refs\/heads\//, ''), commit]
    }),
  )
}

async function pushNew(talk: Talk, commit: string, branch: string): Promise<boolean> {
  const ref = `refs/heads/${branch}`
  try {
    // An empty lease: the branch must not exist, on this side or in the moment of the push.
    await talk.git.raw('push', ...pushing, `--force-with-lease=${ref}:`, alias, `${commit}:${ref}`)
    return true
  } catch (error) {
    if (!(error instanceof GitExit)) throw notPushed(talk, error)
    if ((await listBranches(talk, [branch])).has(branch)) return false
    const line = error.stdout.split('\n').find((text) => text.startsWith('!'))
    throw notPushed(talk, error, line?.split('\t')[2])
  }
}

const pushing = ['--porcelain', '--progress', '--no-verify', '--no-follow-tags', '--recurse-submodules=no']

async function pushOnto(talk: Talk, commit: string, branch: string): Promise<boolean> {
  const ref = `refs/heads/${branch}`
  try {
    // Without force a server takes only what stands on the branch as it is.
    await talk.git.raw('push', ...pushing, alias, `${commit}:${ref}`)
    return true
  } catch (error) {
    if (!(error instanceof GitExit)) throw notPushed(talk, error)
    const line = error.stdout.split('\n').find((text) => text.startsWith('!'))
    if (/non-fast-forward|fetch first|stale info/.test(line ?? '')) return false
    throw notPushed(talk, error, line?.split('\t')[2])
  }
}

async function fetchTips(talk: Talk, branches: readonly string[]): Promise<void> {
  const refs = branches.map((branch) => `refs/heads/${branch}`)
  const how = [
    '--quiet',
    '--no-tags',
    '--no-write-fetch-head',
    '--no-recurse-submodules',
    '--no-auto-maintenance',
  ]
  await talk.git.raw('fetch', ...how, alias, ...refs).catch((error: unknown) => {
    throw notPushed(talk, error)
  })
}

/** `push-failed`, whatever the command talked about: every exit code of one that talks to a server is an answer. */
function notPushed({ name, silentMs }: Talk, error: unknown, reason?: string): Error {
  if (isSilence(error))
    return failures.pushFailed(name, `it said nothing for ${Math.ceil(silentMs / 1000)} s`)
  if (!(error instanceof GitExit)) return told(error)
  // What is wrong on this machine is no answer of the server's.
  const own = failureOf('', error.stderr.replaceAll(/^remote: .*$/gm, ''))
  if (isDiskFull(own) || (own instanceof DrydockError && own.failure.code !== 'internal')) return own
  return failures.pushFailed(name, reason ?? said(error.stderr), plain(error.stderr))
}

/** Git's own words for what went wrong, the first of them that says so. */
function said(stderr: string): string {
  const lines = plain(stderr).split(/[\r\n]+/)
  const line =
    lines.find((text) => /^(fatal|error|ssh|remote): ?\S/.test(text)) ?? lines.findLast((text) => text !== '')
  return (line ?? 'git said nothing')
    .replace(/^(fatal|error): /, '')
    .replace(/\.$/, '')
    .slice(0, 300)
}

/** Without the credentials that an address may carry. */
function plain(text: string): string {
  return text.replace(/:\/\/[^/@\s']*@/g, '://')
}

/** Who the user is to git; undefined where their configuration does not say. */
export async function userIdentity(root: string, env: Environment): Promise<Identity | undefined> {
  const user = userPorcelain(root, env)
  const name = await answer(user.raw('config', '--get', 'user.name'), [1])
  const email = await answer(user.raw('config', '--get', 'user.email'), [1])
  return name === '' || email === '' ? undefined : { name, email }
}
