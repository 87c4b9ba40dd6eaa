import type { HostConnection } from '../connection.ts'
import type { Host } from '../host.ts'
import { mergeByItself, selfMergeOf } from './autoMerge.ts'
import { asking, type Github, openClient } from './client.ts'
import { followPull, resultsOf } from './follow.ts'
import { forkOf } from './fork.ts'
import { jobLog } from './jobs.ts'
import { lookAt, renamed } from './look.ts'
import { openPull, openRequests } from './pulls.ts'
import type { GithubRepository } from './repository.ts'
import { showResult, signatureOf } from './result.ts'
import { answerThread, threadsOn } from './threads.ts'

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
    selfMerge: {
      look: (base) => selfMergeOf(now, base),
      ask: (number) => mergeByItself(now, number),
    },
    follow: (number, kept) => followPull(now, number, kept),
    log: (job) => jobLog(now, job),
    threads: (number, kept) => threadsOn(now, number, kept),
    answer: (number, thread, text) => answerThread(now, number, thread, text),
    results: (ref, kept) => resultsOf(now, kept, ref),
    comment: async (number, body) => {
      const { owner, repo } = now
      await asking(now, ({ rest }) => rest.issues.createComment({ owner, repo, issue_number: number, body }))
    },
    close: async (number) => {
      const { owner, repo } = now
      await asking(now, ({ rest }) =>
        rest.pulls.update({ owner, repo, pull_number: number, state: 'closed' }),
      )
    },
    result: (commit, summary) => showResult(now, commit, summary),
    signature: (commit) => signatureOf(now, commit),
  }
}
