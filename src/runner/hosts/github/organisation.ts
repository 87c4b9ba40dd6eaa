import { z } from 'zod'
import type { HostConnection } from '../connection.ts'
import { HostRefusal } from '../host.ts'
import { asking, type Github, openClient } from './client.ts'
import { publicApi } from './repository.ts'

const Listed = z.looseObject({
  name: z.string(),
  clone_url: z.string().nullish(),
  archived: z.boolean().nullish(),
  fork: z.boolean(),
  disabled: z.boolean().nullish(),
})

const perPage = 100
/** Five thousand repositories: a campaign has no more. */
const mostPages = 50

export interface ListedRepository {
  readonly name: string
  /** Over HTTPS, without credentials. */
  readonly url: string
}

/** Repositories of an organisation or account that take changes, by name. Throws `HostRefusal`. */
export async function repositoriesOf(
  owner: string,
  apiUrl: string | undefined,
  connection: HostConnection,
): Promise<readonly ListedRepository[]> {
  const github = openClient({ owner, repo: '', apiUrl: apiUrl ?? publicApi }, connection)
  const found: ListedRepository[] = []
  let kind: 'org' | 'user' = 'org'
  for (let page = 1; page <= mostPages; page += 1) {
    const listed: readonly z.infer<typeof Listed>[] = await pageOf(github, kind, page).catch(
      (error: unknown) => {
        // An account is no organisation: it is asked for in another place.
        const missing = error instanceof HostRefusal && error.trouble.kind === 'missing'
        if (!missing || kind === 'user' || page > 1) throw error
        kind = 'user'
        return pageOf(github, kind, page)
      },
    )
    for (const { name, clone_url: url, archived, fork, disabled } of listed)
      if (archived !== true && !fork && disabled !== true && typeof url === 'string')
        found.push({ name, url })
    if (listed.length < perPage) break
  }
  return found.toSorted((a, b) => a.name.localeCompare(b.name))
}

function pageOf(
  github: Github,
  kind: 'org' | 'user',
  page: number,
): Promise<readonly z.infer<typeof Listed>[]> {
  const wish = { per_page: perPage, page }
  const { owner } = github
  return asking(github, async ({ rest }) => {
    const { data } =
      kind === 'org'
        ? await rest.repos.listForOrg({ org: owner, ...wish })
        : await rest.repos.listForUser({ username: owner, ...wish })
    return z.array(Listed).parse(data)
  })
}
