import type { HostConnection } from './connection.ts'
import { githubHost } from './github/index.ts'
import { githubRepository } from './github/repository.ts'
import { gitlabHost, gitlabProject } from './gitlab/index.ts'
import type { Host } from './host.ts'

export interface HostSettings {
  readonly githubApiUrl?: string | undefined
  readonly gitlabUrl?: string | undefined
}

/** Keys for the hosts we speak to; each is sent to its own host alone. */
export interface HostTokens {
  readonly github?: string | undefined
  readonly gitlab?: string | undefined
}

/** The host behind a remote's URL: open to be asked, closed for want of a token, or none whose interface we speak. */
export type FoundHost = { readonly host: Host } | { readonly closed: string } | undefined

export function hostOf(
  remoteUrl: string,
  settings: HostSettings,
  tokens: HostTokens,
  connection: Omit<HostConnection, 'token'>,
): FoundHost {
  const github = githubRepository(remoteUrl, settings.githubApiUrl)
  if (github !== undefined)
    return withToken('GitHub', tokens.github, (token) => githubHost(github, { ...connection, token }))
  const gitlab = gitlabProject(remoteUrl, settings.gitlabUrl)
  if (gitlab !== undefined)
    return withToken('GitLab', tokens.gitlab, (token) => gitlabHost(gitlab, { ...connection, token }))
  return undefined
}

function withToken(name: string, token: string | undefined, open: (token: string) => Host): FoundHost {
  return token === undefined || token === '' ? { closed: name } : { host: open(token) }
}
