import { z } from 'zod'
import { HostRefusal, type SelfMerge } from '../host.ts'
import { asking, type Github } from './client.ts'

const Repository = z.looseObject({
  allow_auto_merge: z.boolean().optional(),
  allow_merge_commit: z.boolean().optional(),
  allow_squash_merge: z.boolean().optional(),
  allow_rebase_merge: z.boolean().optional(),
})
const Rules = z.array(
  z.looseObject({
    type: z.string(),
    parameters: z.looseObject({ required_status_checks: z.array(z.unknown()).optional() }).optional(),
  }),
)
const Branch = z.looseObject({
  protection: z
    .looseObject({
      required_status_checks: z
        .looseObject({ enforcement_level: z.string().optional(), contexts: z.array(z.string()).optional() })
        .optional(),
    })
    .optional(),
})

/** What cannot be seen counts as not there: a merge without checks is none that we ask for. */
export async function selfMergeOf(github: Github, branch: string): Promise<SelfMerge> {
  const { owner, repo } = github
  const repository = await asking(github, async ({ rest }) =>
    Repository.parse((await rest.repos.get({ owner, repo })).data),
  )
  if (repository.allow_auto_merge !== true) return { allowed: false, requiredChecks: false }
  return { allowed: true, requiredChecks: await hasRequiredChecks(github, branch) }
}

/** By a ruleset, or by the older protection of the branch. */
async function hasRequiredChecks(github: Github, branch: string): Promise<boolean> {
  const { owner, repo } = github
  const rules = await seen(() =>
    asking(github, async ({ rest }) =>
      Rules.parse((await rest.repos.getBranchRules({ owner, repo, branch, per_page: 100 })).data),
    ),
  )
  const byRule = (rules ?? []).some(
    ({ type, parameters }) =>
      type === 'required_status_checks' && (parameters?.required_status_checks ?? []).length > 0,
  )
  if (byRule) return true
  const found = await seen(() =>
    asking(github, async ({ rest }) =>
      Branch.parse((await rest.repos.getBranch({ owner, repo, branch })).data),
    ),
  )
  const required = found?.protection?.required_status_checks
  return required?.enforcement_level !== 'off' && (required?.contexts ?? []).length > 0
}

async function seen<T>(ask: () => Promise<T>): Promise<T | undefined> {
  return ask().catch((error: unknown) => {
    if (error instanceof HostRefusal) return undefined
    throw error
  })
}

const mutation = `mutation ($pullRequestId: ID!, $mergeMethod: PullRequestMergeMethod!) {
  enablePullRequestAutoMerge(input: { pullRequestId: $pullRequestId, mergeMethod: $mergeMethod }) {
    pullRequest { autoMergeRequest { enabledAt } }
  }
}`

const PullRequest = z.looseObject({ node_id: z.string().min(1) })
const Enabled = z.looseObject({
  enablePullRequestAutoMerge: z.looseObject({
    pullRequest: z.looseObject({ autoMergeRequest: z.looseObject({ enabledAt: z.string() }) }),
  }),
})

/** GitHub's own auto-merge, which its interface for REST does not have. Throws `HostRefusal`. */
export async function mergeByItself(github: Github, number: number): Promise<void> {
  const { owner, repo } = github
  const [{ node_id: pullRequestId }, repository] = await asking(
    github,
    async ({ rest }) =>
      [
        PullRequest.parse((await rest.pulls.get({ owner, repo, pull_number: number })).data),
        Repository.parse((await rest.repos.get({ owner, repo })).data),
      ] as const,
  )
  const mergeMethod = methodOf(repository)
  await asking(github, async (octokit) =>
    Enabled.parse(
      await octokit.graphql(mutation, { pullRequestId, mergeMethod }).catch((error: unknown) => {
        throw saidNo(github, error)
      }),
    ),
  )
}

/** The first that the repository takes, in GitHub's own order. */
function methodOf({
  allow_merge_commit,
  allow_squash_merge,
  allow_rebase_merge,
}: z.infer<typeof Repository>) {
  if (allow_merge_commit !== false) return 'MERGE'
  return allow_squash_merge !== false || allow_rebase_merge === false ? 'SQUASH' : 'REBASE'
}

const Refused = z.looseObject({ errors: z.array(z.looseObject({ message: z.string() })).min(1) })

/** A refusal comes with the status of success. */
function saidNo({ name, connection }: Github, error: unknown): unknown {
  const read = Refused.safeParse(error)
  if (!read.success) return error
  const said = read.data.errors[0]?.message.replaceAll(connection.token, '[redacted]').slice(0, 300) ?? ''
  return new HostRefusal({ kind: 'invalid', host: name, said }, { cause: error })
}
