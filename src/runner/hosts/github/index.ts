import type { HostConnection } from '../connection.ts'
import type { Host } from '../host.ts'
import { asking, type Github, openClient } from './client.ts'
import { followPull, resultsOf, wordsOn } from './follow.ts'
import { forkOf } from './fork.ts'
import { lookAt, renamed } from './look.ts'
import { openPull, openRequests } from './pulls.ts'
import type { GithubRepository } from './repository.ts'
import { showResult, signatureOf } from './result.ts'

/** A repository at GitHub or an enterprise server. Once looked at, it is asked under the name that it has by now. */
export function githubHost(repository: GithubRepository, connection: HostConnection): Host {
  const asked = openClient(repository, connection)
  let now: Github = asked
  return {
    kind: 'github',
    name: asked.name,
    look: async (base) => {
      const found = await lookAt(asked, base)
      now = renamed(asked, found.path)
      return found
    },
    openRequests: () => openRequests(now),
    open: (wish, from) => openPull(now, wish, from?.split('/')[0]),
    fork: () => forkOf(now),
    follow: (number, kept) => followPull(now, number, kept),
    words: (number, kept) => wordsOn(now, number, kept),
    results: (ref, kept) => resultsOf(now, kept, ref),
    comment: async (number, body) => {
      const { owner, repo } = now
      await asking(now, ({ rest }) => rest.issues.createComment({ owner, repo, issue_number: number, body }))
    },
    result: (commit, summary) => showResult(now, commit, summary),
    signature: (commit) => signatureOf(now, commit),
  }
}
