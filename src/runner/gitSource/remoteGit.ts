import { mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as after } from 'node:timers/promises'
import { DrydockError } from '../../contract/failure.ts'
import { failures } from '../../contract/failures.ts'
import { apart } from '../git/credentials.ts'
import { bareGit, type Environment, type Git, networkGit, plainGit, userGit } from '../git/program.ts'
import { userSettings } from '../git/remote.ts'
import { type HostPolicy, isTrusted } from './hosts.ts'

export interface RemoteGitOptions {
  readonly env: Environment
  /** The user's work tree, whose configuration says how hosts are reached. */
  readonly root: string
  /** Folder for what is fetched; nothing stays in it. */
  readonly scratch: string
  readonly policy: HostPolicy
  readonly limits: { readonly maxBytes: number; readonly timeoutMs: number }
  readonly signal?: AbortSignal
}

/** Why a place could not be read, in one line. */
export class GitTrouble extends Error {}

const alias = 'drydock-source'
/** How hosts are reached, and nothing that says who the user is. */
const anonymousSettings = '^(http|https|url)\\.'
const trustedSettings = '^(http|https|url|credential|ssh)\\.|^core\\.(sshcommand|gitproxy|askpass)$'
const identifying = /\.(extraheader|cookiefile|savecookies|sslcert|sslkey|emptyauth|proxyauthmethod)$/i
/** Stand last, so that they win over what the user's configuration says. */
const fixed = [
  ['http.followRedirects', 'false'],
  // It ends by itself where nothing comes.
  ['http.lowSpeedLimit', '1'],
  ['http.lowSpeedTime', '30'],
  ['protocol.allow', 'never'],
  ['protocol.http.allow', 'always'],
  ['protocol.https.allow', 'always'],
  ['protocol.ssh.allow', 'always'],
  ['protocol.file.allow', 'never'],
  ['protocol.ext.allow', 'never'],
  ['fetch.recurseSubmodules', 'false'],
  ['submodule.recurse', 'false'],
  ['gc.auto', '0'],
  ['transfer.bundleURI', 'false'],
] as const

/** Names that the place has, with their commits; those of annotated tags are of the commits they mean. */
export async function remoteRefs(
  url: string,
  options: RemoteGitOptions,
): Promise<ReadonlyMap<string, string>> {
  return await inScratch(options, async (dir) => {
    const git = await gitFor(dir, url, options)
    const said = (await bounded(dir, options, (signal) => git.run(['ls-remote', alias], { ...asks, signal })))
      .stdout
    const refs = new Map<string, string>()
    for (const line of said.toString('utf8').split('\n')) {
      const [commit = '', name = ''] = line.split('\t')
      // The peeled line of a tag follows the tag itself.
      if (/^[0-9a-f]{40,64}$/.test(commit)) refs.set(name.replace(/\^\{\}$/, ''), commit)
    }
    return refs
  })
}

/** Fetches one commit, `wish` in full or shortened, and reads it; everything fetched is gone afterwards. */
export async function withCommit<T>(
  url: string,
  wish: string,
  options: RemoteGitOptions,
  read: (git: Git, commit: string) => Promise<T>,
): Promise<T> {
  return await inScratch(options, async (dir) => {
    const git = await gitFor(dir, url, options)
    const fetch = ['fetch', '--quiet', '--no-tags', '--no-recurse-submodules', '--no-auto-maintenance']
    const all = ['+refs/heads/*:refs/heads/*', '+refs/tags/*:refs/tags/*']
    await bounded(dir, options, async (signal) => {
      const one = wish.length >= 40 ? [...fetch, '--depth=1', alias, wish] : undefined
      const got = one && (await git.run(one, { ...asks, signal, answers: [1, 128] }))
      // A server may not give out single commits.
      if (got?.exitCode !== 0) await git.run([...fetch, alias, ...all], { ...asks, signal })
    })
    const own = bareGit(dir, options.env)
    const commit = await own.text(['rev-parse', '--verify', '--quiet', `${wish}^{commit}`], {
      answers: [1, 128],
    })
    if (commit === '') throw new GitTrouble(`it has no commit ${wish}`)
    return await read(own, commit)
  })
}

const asks = { env: { GIT_ALLOW_PROTOCOL: 'http:https:ssh', GIT_LFS_SKIP_SMUDGE: '1' } } as const

async function inScratch<T>(options: RemoteGitOptions, work: (dir: string) => Promise<T>): Promise<T> {
  await mkdir(options.scratch, { recursive: true, mode: 0o700 })
  const dir = await mkdtemp(join(options.scratch, 'fetch-'))
  try {
    await plainGit(dir, options.env).run(['init', '--bare', '--quiet', '--template=', dir])
    return await work(dir)
  } finally {
    await rm(dir, { recursive: true, force: true, maxRetries: 3 })
  }
}

async function gitFor(dir: string, url: string, options: RemoteGitOptions): Promise<Git> {
  const { env, root, policy } = options
  const trusted = isTrusted(url, policy)
  const found = await userSettings(userGit(root, env), trusted ? trustedSettings : anonymousSettings)
  const settings = trusted ? found : found.filter(([key]) => !identifying.test(key))
  const quiet = trusted ? [] : ([['credential.helper', '']] as const)
  // Through the environment, so that an address never is an option.
  const { url: address, settings: given, variables } = apart(url)
  const own = [...settings, ...fixed, ...quiet, ...given, [`remote.${alias}.url`, address]] as const
  const { GITHUB_TOKEN: _token, GH_TOKEN: _gh, ...anonymous } = env
  return networkGit(dir, { ...(trusted ? env : anonymous), ...variables }, own)
}

/** Ends what takes too long or brings too much. */
async function bounded<T>(
  dir: string,
  { limits, signal: outer }: RemoteGitOptions,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const done = new AbortController()
  const tooMuch = new AbortController()
  const late = AbortSignal.timeout(limits.timeoutMs)
  const signal = AbortSignal.any([late, tooMuch.signal, ...(outer === undefined ? [] : [outer])])
  // The program that git started for a protocol may outlive git, with git's output open: nobody waits for it.
  const ended = new Promise<never>((_, reject) =>
    signal.addEventListener('abort', () => reject(failures.cancelled()), { once: true }),
  )
  ended.catch(() => undefined)
  const watching = watch(dir, limits.maxBytes, done.signal, () => tooMuch.abort())
  try {
    return await Promise.race([work(signal), ended])
  } catch (error) {
    if (tooMuch.signal.aborted)
      throw new GitTrouble(`it is larger than ${Math.round(limits.maxBytes / 1e6)} MB`)
    if (late.aborted)
      throw new GitTrouble(`it did not answer within ${Math.round(limits.timeoutMs / 1000)} s`)
    if (outer?.aborted === true || !(error instanceof DrydockError) || error.failure.code !== 'internal')
      throw error
    throw new GitTrouble(lastWords(error.failure.message))
  } finally {
    done.abort()
    await watching
  }
}

function lastWords(message: string): string {
  return message.replace(/^git \S+ failed: (fatal: |error: )?/, '').slice(0, 300)
}

const lookEveryMs = 100

async function watch(dir: string, maxBytes: number, done: AbortSignal, tooMuch: () => void): Promise<void> {
  while (!done.aborted) {
    if ((await bytesIn(join(dir, 'objects'))) > maxBytes) return tooMuch()
    await after(lookEveryMs, undefined, { signal: done }).catch(() => undefined)
  }
}

async function bytesIn(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  const files = entries.filter((entry) => entry.isFile())
  const sizes = files.map(({ parentPath, name }) =>
    stat(join(parentPath, name)).then(
      ({ size }) => size,
      () => 0,
    ),
  )
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0)
}
