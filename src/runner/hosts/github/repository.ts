import { remotePlace } from '../address.ts'

/** A repository at GitHub, and how its interface is reached. */
export interface GithubRepository {
  readonly owner: string
  readonly repo: string
  readonly apiUrl: string
}

export const publicApi = 'https://api.github.com'

/** The GitHub repository behind a remote's URL; undefined where the host is not GitHub as far as we know. */
export function githubRepository(remoteUrl: string, apiUrl?: string): GithubRepository | undefined {
  const place = remotePlace(remoteUrl)
  const [owner = '', repo = ''] = place?.path.split('/').slice(-2) ?? []
  if (place === undefined || owner === '' || repo === '') return undefined
  if (apiUrl !== undefined) return hosts(apiUrl).includes(place.host) ? { owner, repo, apiUrl } : undefined
  const isPublic = ['github.com', 'www.github.com', 'ssh.github.com'].includes(place.host)
  return isPublic ? { owner, repo, apiUrl: publicApi } : undefined
}

function hosts(apiUrl: string): readonly string[] {
  const { hostname } = new URL(apiUrl)
  return hostname === 'api.github.com'
    ? ['github.com', 'ssh.github.com']
    : [hostname, hostname.replace(/^api\./, '')]
}
