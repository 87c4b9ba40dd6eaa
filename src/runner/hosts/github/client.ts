import { Octokit } from '@octokit/rest'
import { z } from 'zod'
import { failures } from '../../../contract/failures.ts'
import { type HostConnection, hostFetch, notAnswered, refusalIn } from '../connection.ts'
import { HostRefusal } from '../host.ts'
import { readLimit, troubleOf } from './refusal.ts'
import type { GithubRepository } from './repository.ts'

/** The version of the interface that every request names. */
export const apiVersion = '2022-11-28'

export interface Github extends GithubRepository {
  readonly octokit: Octokit
  /** `GitHub`, or the server's name. */
  readonly name: string
  readonly connection: HostConnection
}

export function openClient(repository: GithubRepository, connection: HostConnection): Github {
  const { hostname } = new URL(repository.apiUrl)
  const name = hostname === 'api.github.com' ? 'GitHub' : hostname
  const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }
  const ask = hostFetch(name, connection, readLimit(name))
  const octokit = new Octokit({
    auth: connection.token,
    baseUrl: repository.apiUrl,
    userAgent: 'drydock',
    log: silent,
    request: { fetch: inVersion(ask) },
  })
  return { ...repository, octokit, name, connection }
}

/** A server that does not know the version says so once, and is then asked in its own. */
function inVersion(ask: typeof fetch): typeof fetch {
  let unversioned = false
  const headed = (init: RequestInit | undefined): RequestInit => {
    const headers = new Headers(init?.headers)
    if (unversioned) headers.delete('x-github-api-version')
    else headers.set('x-github-api-version', apiVersion)
    return { ...init, headers }
  }
  return async (input, init) => {
    const answer = await ask(input, headed(init))
    if (unversioned || ![400, 410].includes(answer.status)) return answer
    if (!/api.?version/i.test(await answer.clone().text())) return answer
    unversioned = true
    return ask(input, headed(init))
  }
}

/** What a call gives, or `HostRefusal`; throws `cancelled` where the person did. */
export async function asking<T>(github: Github, call: (octokit: Octokit) => Promise<T>): Promise<T> {
  try {
    return await call(github.octokit)
  } catch (error) {
    throw refused(github, error)
  }
}

function refused({ name, connection }: Github, error: unknown): Error {
  if (connection.signal?.aborted === true) return failures.cancelled()
  const known = refusalIn(error)
  if (known !== undefined) return known
  if (error instanceof z.ZodError) return new HostRefusal({ kind: 'garbled', host: name })
  const trouble = troubleOf(name, error, connection.token) ?? notAnswered(name, error, connection)
  return new HostRefusal(trouble, { cause: error })
}
