import type { PullRequestPreview } from '../../contract/pullRequest.ts'
import type { SessionView } from '../../contract/sessionView.ts'
import {
  type AutoMergePolicy,
  type AutoMergeQuestion,
  autoMergeWords,
  lacksForAutoMerge,
} from './autoMerge.ts'
import { bodyParts, joinedBody } from './body.ts'
import { type ComposeContext, compose } from './compose.ts'

export interface PreviewContext {
  readonly view: SessionView
  readonly repository: ComposeContext['repository']
  readonly turn: number
  /** What a person wrote in the place of the part that is theirs. */
  readonly own?: string
  /** What the host may merge by itself; nothing where it is missing. */
  readonly merging?: { readonly policy: AutoMergePolicy; readonly now: Date } | undefined
}

const later =
  'Put in when it is published: the commit, who approved it, the digest of the evidence, whether the host is asked to merge it by itself, and what the remote and its host say then.'

/** The pull request as it will be; nobody is asked, and nothing is written. */
export async function previewed({
  view,
  repository,
  turn,
  own: given,
  merging,
}: PreviewContext): Promise<PullRequestPreview> {
  const {
    branch,
    opening,
    notes,
    asked,
    autoMerge: allowed,
    ...composed
  } = await compose({ view, repository, turn })
  const { branch: base } = view.task.repository
  const { own, fixed } = bodyParts(view, {
    ...{ notes: [], branch },
    ...(opening === undefined ? {} : { opening }),
    ...(given === undefined ? {} : { own: given }),
  })
  return {
    ...composed,
    ...{ body: joinedBody(own, fixed), own, fixed, asked: [...asked], head: branch },
    ...(base === undefined ? {} : { base }),
    notes: [...notes, ...mergingWords({ view, allowed, draft: composed.draft }, merging), later],
  }
}

/** Every condition that fails on this side; the host's own are not known before it is asked. */
function mergingWords(
  question: Omit<AutoMergeQuestion, 'policy' | 'now'>,
  merging: PreviewContext['merging'],
): readonly string[] {
  if (merging === undefined) return []
  const lacks = lacksForAutoMerge({ ...question, ...merging })
  return lacks.length > 0
    ? autoMergeWords(merging.policy, lacks)
    : ['Nothing here speaks against merging it by itself; the host is asked when it is published.']
}
