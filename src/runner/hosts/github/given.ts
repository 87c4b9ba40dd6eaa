import { z } from 'zod'
import { troubleReason } from '../../../contract/hostTrouble.ts'
import type { PullRequestWish } from '../../../contract/pullRequest.ts'
import { HostRefusal } from '../host.ts'
import { asking, type Github } from './client.ts'

type Step = readonly [what: string, wanted: boolean, give: () => Promise<readonly string[]>]

/** Labels, people and milestone of an open pull request; what the host did not take is said, and is no failure. */
export async function givenTo(
  github: Github,
  number: number,
  wish: PullRequestWish,
): Promise<readonly string[]> {
  const { labels, assignees, reviewers, teamReviewers, milestone } = wish
  const { owner, repo } = github
  const at = { owner, repo, issue_number: number }
  const steps: readonly Step[] = [
    ['The labels', labels.length > 0, () => labelled(github, at, labels)],
    ['The assignees', assignees.length > 0, () => assigned(github, at, assignees)],
    ['The reviewers', reviewers.length + teamReviewers.length > 0, () => asked(github, number, wish)],
    ['The milestone', milestone !== undefined, () => planned(github, at, milestone ?? '')],
  ]
  const notes: string[] = []
  for (const [what, wanted, give] of steps) {
    if (wanted) notes.push(...(await give().catch((error: unknown) => [notGiven(what, error)])))
  }
  return notes
}

function notGiven(what: string, error: unknown): string {
  if (!(error instanceof HostRefusal)) throw error
  return `${what} could not be set: ${troubleReason(error.trouble)}.`
}

interface At {
  readonly owner: string
  readonly repo: string
  readonly issue_number: number
}

async function labelled(github: Github, at: At, labels: readonly string[]): Promise<readonly string[]> {
  await asking(github, ({ rest }) => rest.issues.addLabels({ ...at, labels: [...labels] }))
  return []
}

const Assigned = z.looseObject({ assignees: z.array(z.looseObject({ login: z.string() })).nullish() })

/** GitHub leaves out, without a word, who cannot be assigned. */
async function assigned(github: Github, at: At, wanted: readonly string[]): Promise<readonly string[]> {
  const { assignees } = await asking(github, async ({ rest }) =>
    Assigned.parse((await rest.issues.addAssignees({ ...at, assignees: [...wanted] })).data),
  )
  const taken = new Set((assignees ?? []).map(({ login }) => login.toLowerCase()))
  const left = wanted.filter((name) => !taken.has(name.toLowerCase()))
  return left.length === 0 ? [] : [`${left.join(', ')} cannot be assigned there.`]
}

async function asked(
  github: Github,
  pull_number: number,
  { reviewers, teamReviewers }: PullRequestWish,
): Promise<readonly string[]> {
  const { owner, repo } = github
  const wish = { owner, repo, pull_number, reviewers, team_reviewers: teamReviewers }
  await asking(github, ({ rest }) => rest.pulls.requestReviewers(wish))
  return []
}

const Milestones = z.array(z.looseObject({ number: z.int(), title: z.string() }))

async function planned(github: Github, at: At, title: string): Promise<readonly string[]> {
  const { owner, repo } = github
  const found = await asking(github, async ({ rest }) =>
    Milestones.parse((await rest.issues.listMilestones({ owner, repo, state: 'open', per_page: 100 })).data),
  )
  const milestone = found.find((one) => one.title === title)?.number
  if (milestone === undefined) return ['There is no open milestone of the name that was asked for.']
  await asking(github, ({ rest }) => rest.issues.update({ ...at, milestone }))
  return []
}
