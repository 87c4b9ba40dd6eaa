import { DrydockError } from '../../contract/failure.ts'
import { failures } from '../../contract/failures.ts'
import { type Environment, userGit } from '../git/program.ts'

/** A server that says nothing for so long has not answered. */
const silentMs = 30_000
/** Nobody is asked for a password, and no address starts a program. */
const settings = ['protocol.ext.allow=never', 'gc.auto=0']

export interface RemoteHead {
  readonly commit: string
  /** Such as `main`. */
  readonly branch: string
}

/** The tip of a remote's own branch, asked with the user's git. Throws `repository-unreachable` with git's own words. */
export async function remoteHead(url: string, env: Environment, signal: AbortSignal): Promise<RemoteHead> {
  const git = userGit('/', env, settings)
  const said = await git
    .text(['ls-remote', '--symref', '--', url, 'HEAD'], { signal, silentMs })
    .catch((error: unknown) => {
      throw signal.aborted ? failures.cancelled() : unreachable(url, wordsOf(error))
    })
  const commit = /^([0-9a-f]{40})\tHEAD$/m.exec(said)?.[1]
  const branch = /^ref: refs\/heads\/(\S+)\tHEAD$/m.exec(said)?.[1]
  if (commit === undefined)
    throw unreachable(url, said === '' ? 'it has no commit yet' : 'it says nothing of HEAD')
  return { commit, branch: branch ?? 'main' }
}

/** A repository for sessions: everything of the remote's branch, and no work tree. */
export async function fetchInto(
  folder: string,
  url: string,
  commit: string,
  { env, signal }: { readonly env: Environment; readonly signal: AbortSignal },
): Promise<void> {
  const git = userGit(folder, env, settings)
  const { branch } = await remoteHead(url, env, signal)
  await git.run(['init', '--quiet'])
  const known = await git.text(['remote'])
  if (!known.split('\n').includes('origin')) await git.run(['remote', 'add', '--', 'origin', url])
  const args = ['fetch', '--quiet', '--no-tags', '--no-recurse-submodules', '--', 'origin']
  await git
    .run([...args, `+refs/heads/${branch}:refs/remotes/origin/${branch}`], { signal, silentMs: 120_000 })
    .catch((error: unknown) => {
      throw signal.aborted ? failures.cancelled() : unreachable(url, wordsOf(error))
    })
  await git.run(['update-ref', `refs/heads/${branch}`, commit])
  await git.run(['symbolic-ref', 'HEAD', `refs/heads/${branch}`])
}

function unreachable(url: string, why: string): DrydockError {
  return failures.repositoryUnreachable(withoutPassword(url), why)
}

function withoutPassword(url: string): string {
  return url.replace(/^([a-z+]+:\/\/)[^@/]*@/, '$1')
}

function wordsOf(error: unknown): string {
  const text = error instanceof DrydockError ? (error.failure.detail ?? error.failure.message) : String(error)
  const lines = text.split('\n').map((line) => line.trim())
  const said = lines.find((line) => /^(fatal|remote|error):/.test(line)) ?? lines.find((line) => line !== '')
  return withoutPassword(said ?? 'it does not answer')
    .replace(/^(?:fatal|error): /, '')
    .replace(/^unable to access '[^']*': /, '')
    .replace(/\.$/, '')
}
