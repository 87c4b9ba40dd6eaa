import { failures } from '../../contract/failures.ts'
import { records } from './objects.ts'
import type { Identity } from './repository.ts'
import { type Environment, type Git, type GitResult, networkGit, userGit } from './run.ts'
import { withoutCredentials } from './userRepository.ts'

/** The remote recorded at a session's start, reached with the user's own credentials. */
export interface Remote {
  /** Branch names with the commits they point to; `patterns` as `git ls-remote` takes them. */
  branches(patterns: readonly string[]): Promise<ReadonlyMap<string, string>>
  /** Makes a new branch; false where one of that name has come into being. Never changes one. */
  pushNew(commit: string, branch: string): Promise<boolean>
}

export interface RemoteOptions {
  /** Our bare repository, which holds the commit. */
  readonly dir: string
  /** The user's work tree, whose configuration says how to get to the remote. */
  readonly root: string
  readonly recorded: { readonly name: string; readonly url: string }
  readonly env: Environment
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
  const { recorded, root, env, dir, signal, silentMs = silentMsByDefault } = options
  const user = userGit(root, env)
  const url = await user.text(['remote', 'get-url', '--push', recorded.name], { answers: [2, 128] })
  if (url === '') throw failures.noRemote()
  if (withoutCredentials(url) !== recorded.url) {
    throw failures.pushFailed(recorded.name, 'it points elsewhere than when the session began')
  }
  const settings = await userSettings(user, connectionSettings)
  // Through the environment, because an argument list is for everybody to read.
  const git = networkGit(dir, env, [
    // What git starts to talk over HTTP ends by itself then, whoever it lost.
    ['http.lowSpeedLimit', '1'],
    ['http.lowSpeedTime', String(Math.max(1, Math.ceil(silentMs / 1000)))],
    ...settings,
    [`remote.${alias}.url`, url],
  ])
  const cancel = { silentMs, ...(signal === undefined ? {} : { signal }) }
  return {
    branches: (patterns) => listBranches(git, recorded.name, patterns, cancel),
    pushNew: (commit, branch) => pushNew(git, recorded.name, commit, branch, cancel),
  }
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

/** Every exit code of a command that talks to a server is an answer: it is told as `push-failed`. */
const anyExit = [1, 2, 128, 129]

interface Talk {
  readonly silentMs: number
  readonly signal?: AbortSignal
}

async function listBranches(
  git: Git,
  name: string,
  patterns: readonly string[],
  cancel: Talk,
): Promise<ReadonlyMap<string, string>> {
  const refs = patterns.map((pattern) => `refs/heads/${pattern}`)
  const result = await git.run(['ls-remote', '--heads', alias, ...refs], { ...cancel, answers: anyExit })
  if (result.wasSilent || result.exitCode !== 0)
    throw failures.pushFailed(name, said(result, cancel), plain(result.stderr))
  const lines = result.stdout
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '')
  return new Map(
    lines.map((line) => {
      const [commit = '', ref = ''] = line.split('\t')
      return [ref.replace(/^refs\/heads\//, ''), commit]
    }),
  )
}

async function pushNew(
  git: Git,
  name: string,
  commit: string,
  branch: string,
  cancel: Talk,
): Promise<boolean> {
  const ref = `refs/heads/${branch}`
  // An empty lease: the branch must not exist, on this side or in the moment of the push.
  const args = [
    'push',
    '--porcelain',
    '--progress',
    '--no-verify',
    '--no-follow-tags',
    '--recurse-submodules=no',
  ]
  const result = await git.run([...args, `--force-with-lease=${ref}:`, alias, `${commit}:${ref}`], {
    ...cancel,
    answers: anyExit,
  })
  if (result.wasSilent) throw failures.pushFailed(name, said(result, cancel), plain(result.stderr))
  if (result.exitCode === 0) return true
  if ((await listBranches(git, name, [branch], cancel)).has(branch)) return false
  const line = result.stdout
    .toString('utf8')
    .split('\n')
    .find((text) => text.startsWith('!'))
  throw failures.pushFailed(name, line?.split('\t')[2] ?? said(result, cancel), plain(result.stderr))
}

/** Git's own words for what went wrong, the first of them that says so. */
function said({ stderr, wasSilent }: GitResult, { silentMs }: Talk): string {
  if (wasSilent) return `it said nothing for ${Math.ceil(silentMs / 1000)} s`
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
  const user = userGit(root, env)
  const name = await user.text(['config', '--get', 'user.name'], { answers: [1] })
  const email = await user.text(['config', '--get', 'user.email'], { answers: [1] })
  return name === '' || email === '' ? undefined : { name, email }
}

/** Whether a branch that was last fetched from the remote holds the commit. */
export async function isOnRemote(
  root: string,
  remote: string,
  commit: string,
  env: Environment,
): Promise<boolean> {
  const args = ['for-each-ref', '--count=1', `--contains=${commit}`, `refs/remotes/${remote}/`]
  return (await userGit(root, env).text(args)) !== ''
}
