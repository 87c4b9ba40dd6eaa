import { z } from 'zod'
import { troubleReason } from '../../../contract/hostTrouble.ts'
import type { PullRequestWish } from '../../../contract/pullRequest.ts'
import { HostRefusal, type Opened, type OpenRequest } from '../host.ts'
import type { Gitlab } from './client.ts'

const MergeRequest = z.object({ iid: z.int().positive(), web_url: z.url() })
const Listed = z.object({
  ...MergeRequest.shape,
  title: z.string(),
  source_branch: z.string(),
  target_branch: z.string(),
  author: z.object({ username: z.string() }).nullish(),
  references: z.object({ full: z.string() }).nullish(),
})
const Users = z.array(z.object({ id: z.int(), username: z.string() }))
const Milestones = z.array(z.object({ id: z.int(), title: z.string() }))

export async function openRequests(gitlab: Gitlab): Promise<readonly OpenRequest[]> {
  const listed = await gitlab.get('/merge_requests', { state: 'opened', per_page: 100 }, z.array(Listed))
  return listed.map(
    ({ iid: number, web_url: url, title, author, source_branch: branch, target_branch: base }) => ({
      ...{ number, url, title, branch, base },
      author: author?.username ?? '',
      from: '',
    }),
  )
}

/** Opens the merge request, or finds the open one of the same branch. */
export async function openRequest(gitlab: Gitlab, wish: PullRequestWish, base: string): Promise<Opened> {
  const known = await requestOf(gitlab, wish.head)
  if (known !== undefined) return { ...known, notes: [] }
  const { ids, notes } = await peopleOf(gitlab, wish)
  const body = {
    ...{ source_branch: wish.head, target_branch: base, description: wish.body },
    title: wish.draft ? `Draft: ${wish.title}` : wish.title,
    ...(wish.labels.length === 0 ? {} : { labels: wish.labels.join(',') }),
    ...ids,
  }
  try {
    const { iid: number, web_url: url } = await gitlab.send('POST', '/merge_requests', body, MergeRequest)
    return { number, url, notes }
  } catch (error) {
    // Whose answer was lost, or who made it at the same moment, is found.
    const made =
      error instanceof HostRefusal ? await requestOf(gitlab, wish.head).catch(() => undefined) : undefined
    if (made === undefined) throw error
    return { ...made, notes }
  }
}

async function requestOf(gitlab: Gitlab, branch: string) {
  const query = { state: 'opened', source_branch: branch }
  const [found] = await gitlab.get('/merge_requests', query, z.array(MergeRequest))
  return found === undefined ? undefined : { number: found.iid, url: found.web_url }
}

/** Accounts and the milestone by their numbers; who is not found is said. */
async function peopleOf(gitlab: Gitlab, { assignees, reviewers, teamReviewers, milestone }: PullRequestWish) {
  const notes: string[] = teamReviewers.length === 0 ? [] : ['GitLab knows no teams as reviewers.']
  const idsOf = async (names: readonly string[]): Promise<number[]> => {
    const found = await Promise.all(names.map((username) => gitlab.getAt('/users', { username }, Users)))
    names.forEach((name, at) => {
      if (found[at]?.length === 0) notes.push(`${name} is not known there.`)
    })
    return found.flat().map(({ id }) => id)
  }
  try {
    const [assigned, asked] = [await idsOf(assignees), await idsOf(reviewers)]
    const query = { title: milestone ?? '', state: 'active' }
    const [planned] = milestone === undefined ? [] : await gitlab.get('/milestones', query, Milestones)
    if (milestone !== undefined && planned === undefined)
      notes.push('There is no open milestone of the name that was asked for.')
    const ids = {
      ...(assigned.length === 0 ? {} : { assignee_ids: assigned }),
      ...(asked.length === 0 ? {} : { reviewer_ids: asked }),
      ...(planned === undefined ? {} : { milestone_id: planned.id }),
    }
    return { ids, notes }
  } catch (error) {
    if (!(error instanceof HostRefusal)) throw error
    return {
      ids: {},
      notes: [...notes, `People and milestone could not be set: ${troubleReason(error.trouble)}.`],
    }
  }
}
