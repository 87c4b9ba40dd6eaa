import { z } from 'zod'
import { troubleReason } from '../../../contract/hostTrouble.ts'
import type { CheckSummary } from '../../../contract/pullRequest.ts'
import { HostRefusal } from '../host.ts'
import { asking, type Github } from './client.ts'

/**
 * Shows what was verified beside the commit: as a check run where the token is an app's (only those may make one), else
 * as a commit status. What the host refuses is said.
 */
export async function showResult(
  github: Github,
  commit: string,
  summary: CheckSummary,
): Promise<string | undefined> {
  try {
    if (!isAppToken(github) || !(await checkRun(github, commit, summary)))
      await status(github, commit, summary)
    return undefined
  } catch (error) {
    if (!(error instanceof HostRefusal)) throw error
    return `The result does not stand beside the commit: ${troubleReason(error.trouble)}.`
  }
}

/** Tokens of an installation begin so: https://docs.github.com/authentication, "GitHub's token formats". */
function isAppToken({ connection }: Github): boolean {
  return connection.token.startsWith('ghs_')
}

/** False where the token may not. */
async function checkRun(github: Github, commit: string, summary: CheckSummary): Promise<boolean> {
  const { owner, repo } = github
  const { name, conclusion, title, summary: text } = summary
  const output = { title, summary: text }
  const wish = { owner, repo, name, head_sha: commit, status: 'completed' as const, conclusion, output }
  return asking(github, ({ rest }) => rest.checks.create(wish)).then(
    () => true,
    (error: unknown) => {
      if (error instanceof HostRefusal && ['permission', 'missing'].includes(error.trouble.kind)) return false
      throw error
    },
  )
}

/** A status knows no `neutral`: what was not proven is pending, which no rule takes for a success. */
async function status(github: Github, sha: string, { name, conclusion, title }: CheckSummary): Promise<void> {
  const { owner, repo } = github
  const state = conclusion === 'neutral' ? 'pending' : conclusion
  const wish = { owner, repo, sha, state, context: name, description: title } as const
  await asking(github, ({ rest }) => rest.repos.createCommitStatus(wish))
}

const Commit = z.looseObject({
  verification: z.looseObject({ verified: z.boolean(), reason: z.string().max(100) }).optional(),
})

/** What GitHub thinks of a commit's signature; undefined where it does not say. */
export async function signatureOf(github: Github, commit: string) {
  const { owner, repo } = github
  try {
    const { verification } = await asking(github, async ({ rest }) =>
      Commit.parse((await rest.git.getCommit({ owner, repo, commit_sha: commit })).data),
    )
    return verification && { verified: verification.verified, reason: verification.reason }
  } catch (error) {
    if (error instanceof HostRefusal) return undefined
    throw error
  }
}
