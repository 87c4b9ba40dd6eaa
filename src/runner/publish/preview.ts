import type { PullRequestPreview } from '../../contract/pullRequest.ts'
import type { SessionView } from '../../contract/sessionView.ts'
import type { BareRepository } from '../git/repository.ts'
import { pullRequestBody } from './body.ts'
import { compose } from './compose.ts'

export interface PreviewContext {
  readonly view: SessionView
  readonly repository: BareRepository
  readonly turn: number
  /** A text that a person wrote in the place of ours. */
  readonly body?: string
}

const later =
  'Put in when it is published: the commit, who approved it, the digest of the evidence, and what the remote and its host say then.'

/** The pull request as it will be; nobody is asked, and nothing is written. */
export async function previewed({
  view,
  repository,
  turn,
  body,
}: PreviewContext): Promise<PullRequestPreview> {
  const { branch, opening, notes, ...asked } = await compose({ view, repository, turn })
  const { branch: base } = view.task.repository
  const text =
    body ?? pullRequestBody(view, { notes: [], branch, ...(opening === undefined ? {} : { opening }) })
  return {
    ...asked,
    ...{ body: text, head: branch },
    ...(base === undefined ? {} : { base }),
    notes: body === undefined ? [...notes, later] : [...notes],
  }
}
