import { z } from 'zod'
import { HostRefusal, type HostRepository } from '../host.ts'
import { asking, type Github } from './client.ts'

const Repository = z.looseObject({
  full_name: z
    .string()
    .regex(/^[^/\s]+\/[^/\s]+$/)
    .optional(),
  default_branch: z.string().min(1),
  archived: z.boolean().optional(),
  permissions: z.looseObject({ push: z.boolean() }).optional(),
})

const Rules = z.array(z.looseObject({ type: z.string() }))

/** The repository as it is now, under the name it has now. */
export async function lookAt(github: Github, base: string | undefined): Promise<HostRepository> {
  const { owner, repo } = github
  const found = await asking(github, async ({ rest }) =>
    Repository.parse((await rest.repos.get({ owner, repo })).data),
  )
  const path = found.full_name ?? `${owner}/${repo}`
  return {
    path,
    defaultBranch: found.default_branch,
    archived: found.archived === true,
    mayPush: found.permissions?.push,
    rules: await rulesOf(renamed(github, path), base ?? found.default_branch),
  }
}

/** The same client for the repository's present name. */
export function renamed(github: Github, path: string): Github {
  const [owner = github.owner, repo = github.repo] = path.split('/')
  return { ...github, owner, repo }
}

/** Rules that a pull request of ours can run into, in words; none where the token may not see them. */
async function rulesOf(github: Github, branch: string): Promise<readonly string[]> {
  const { owner, repo } = github
  const asked = asking(github, async ({ rest }) =>
    Rules.parse((await rest.repos.getBranchRules({ owner, repo, branch, per_page: 100 })).data),
  )
  const found = await asked.catch((error: unknown) => {
    if (error instanceof HostRefusal) return []
    throw error
  })
  return [...new Set(found.map(({ type }) => type))].flatMap((type) => ruleWords[type] ?? [])
}

/** https://docs.github.com/rest/repos/rules: what each rule asks before it takes a branch or a merge. */
const ruleWords: Readonly<Record<string, string>> = {
  required_signatures: 'commits must be signed with a key that the host knows',
  required_linear_history: 'it takes no merge commits',
  required_status_checks: 'checks must have passed',
  pull_request: 'conditions of its pull requests, such as a review, must be met',
  commit_message_pattern: 'commit messages must have a form',
  commit_author_email_pattern: "authors' addresses must have a form",
  committer_email_pattern: "committers' addresses must have a form",
  branch_name_pattern: 'names of branches must have a form',
  workflows: 'workflows must have passed',
  code_scanning: 'a code scan must have passed',
  file_path_restriction: 'some paths may not be changed',
  max_file_size: 'files may not be larger than a limit',
  merge_queue: 'merges go through a queue',
  update: 'only some people may change it',
}
