import { DrydockError } from '../../contract/failure.ts'
import { failures } from '../../contract/failures.ts'
import { type Environment, userGit } from '../git/program.ts'
import { openRepository, withoutCredentials } from '../git/userRepository.ts'
import { GitTrouble, withCommit } from '../gitSource/remoteGit.ts'

export interface SourceOptions {
  /** A folder in a repository, or an address of one. */
  readonly place: string
  readonly commit: string
  /** What the evidence says; only ever told to a person. */
  readonly url: string | undefined
  readonly env: Environment
  /** Folder whose configuration says how servers are reached. */
  readonly cwd: string
  readonly scratch: string
  readonly signal: AbortSignal
}

const limits = { maxBytes: 8 * 1024 * 1024 * 1024, timeoutMs: 600_000 } as const

export function isAddress(place: string): boolean {
  return /^(https?|ssh):\/\//i.test(place) || /^[\w.-]+@[\w.-]+:/.test(place)
}

/**
 * A repository that holds the commit: a folder of the user's, which is only read, or one fetched for the while.
 * Credentials go to an address because a person gave it. Throws `bad-evidence`.
 */
export async function withSource<T>(options: SourceOptions, use: (root: string) => Promise<T>): Promise<T> {
  const { place, commit, url, env, cwd, scratch, signal } = options
  if (!isAddress(place)) {
    const { root } = await openRepository(place, env)
    const found = await userGit(root, env).run(['cat-file', '-e', `${commit}^{commit}`], {
      answers: [1, 128],
    })
    if (found.exitCode !== 0) throw failures.lacksCommit(root, commit, url)
    return await use(root)
  }
  let inUse = false
  const policy = { named: [], remote: place }
  try {
    return await withCommit(place, commit, { env, root: cwd, scratch, policy, limits, signal }, (git) => {
      inUse = true
      return use(git.dir)
    })
  } catch (error) {
    if (inUse || (error instanceof DrydockError && error.failure.code === 'cancelled')) throw error
    if (!(error instanceof GitTrouble) && !(error instanceof DrydockError)) throw error
    const why = error instanceof DrydockError ? error.failure.message : error.message
    throw /has no commit/.test(why)
      ? failures.lacksCommit(withoutCredentials(place), commit, url)
      : failures.notFetched(withoutCredentials(place), why.replaceAll(place, withoutCredentials(place)))
  }
}
