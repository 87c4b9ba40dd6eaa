import pRetry from 'p-retry'
import { z } from 'zod'
import { HostRefusal } from '../host.ts'
import { asking, type Github } from './client.ts'
import { renamed } from './look.ts'

const Fork = z.looseObject({
  full_name: z.string().regex(/^[\w.-]+\/[\w.-]+$/),
  default_branch: z.string().min(1),
})

/** Tries and the first pause between them, ms: the host copies in the background, usually for a few seconds. */
const waiting = { retries: 7, minTimeout: 500, factor: 2 }

/** The account's fork, made where there is none, once it can be pushed to: `owner/name`. */
export async function forkOf(github: Github): Promise<string> {
  const { owner, repo, connection } = github
  const made = await asking(github, async ({ rest }) =>
    Fork.parse((await rest.repos.createFork({ owner, repo })).data),
  )
  const fork = renamed(github, made.full_name)
  const ref = `heads/${made.default_branch}`
  const ready = () => asking(fork, ({ rest }) => rest.git.getRef({ owner: fork.owner, repo: fork.repo, ref }))
  await pRetry(ready, {
    ...waiting,
    ...(connection.signal === undefined ? {} : { signal: connection.signal }),
    shouldRetry: ({ error }) =>
      error instanceof HostRefusal && ['missing', 'unavailable'].includes(error.trouble.kind),
  })
  return made.full_name
}
