import { z } from 'zod'
import { DecisionVerdict } from './elsewhere.ts'
import { assertNever, type Event, Signature } from './events.ts'
import { BaseMove, BaseRefusal } from './newBase.ts'
import { CommitId, Sha256 } from './patch.ts'
import { AutoMerge, PullRequestEdits } from './pullRequest.ts'
import { PullRequestSeen } from './pullRequestSeen.ts'
import { ThreadAnswer } from './reviewThread.ts'
import type { Task } from './task.ts'
import { Warning } from './verdict.ts'

const time = z.iso.datetime()
const SeenWarning = Warning.extend({ acknowledged: z.boolean() })

/** What a session's view holds of its approval and of what became of it at the remote. */
export const publishedShape = {
  warnings: z.array(SeenWarning),
  /** Holds for the patch and base it names; a later patch voids it. */
  approval: z
    .strictObject({
      digest: Sha256,
      baseCommit: CommitId,
      acknowledged: z.array(z.string()),
      withoutJudge: z.boolean(),
      by: z.string().optional(),
      at: time,
    })
    .nullable(),
  /** The last decision of a person on another machine that did not hold, and why; an approval ends it. */
  refused: z
    .strictObject({ verdict: DecisionVerdict, by: z.string(), reason: z.string(), at: time })
    .optional(),
  branch: z.string().nullable(),
  commit: CommitId.nullable(),
  /** `owner/name` of the fork that has the branch; missing where the recorded remote has it. */
  fork: z.string().optional(),
  /** A push that was begun and not seen to its end. */
  pushing: z.strictObject({ branch: z.string(), commit: CommitId }).optional(),
  pullRequest: z
    .strictObject({
      url: z.string().optional(),
      number: z.int().positive().optional(),
      body: Sha256,
      signature: Signature.optional(),
      autoMerge: AutoMerge.optional(),
    })
    .nullable(),
  /** Bases that it was brought onto after it was approved, each checked there; the oldest first. */
  bases: z.array(BaseMove.extend({ at: time })).optional(),
  /** The base branch has moved, and this patch was not brought onto it. */
  refusedBase: BaseRefusal.extend({ at: time }).optional(),
  /** What a person changed of its pull request's text and addressees. */
  edits: PullRequestEdits.optional(),
  /** What the host said of the pull request when it was last asked; missing where it never was. */
  seen: PullRequestSeen.extend({ at: time }).optional(),
  /** Threads of its review that were answered with this session's commit. */
  answers: z.array(ThreadAnswer).optional(),
}

const PublishedView = z.strictObject(publishedShape)
type PublishedView = z.infer<typeof PublishedView>

export type PublishedEvent = Extract<
  Event,
  {
    type:
      | 'review.approved'
      | 'review.refused'
      | 'branch.pushing'
      | 'branch.pushed'
      | 'pullRequest.edited'
      | 'pullRequest.opened'
      | 'pullRequest.seen'
      | 'thread.answered'
      | 'base.refused'
  }
>

/** What one of these events changes of it. */
export function published(
  { warnings, task, answers = [] }: Pick<PublishedView, 'warnings' | 'answers'> & { readonly task: Task },
  event: PublishedEvent,
): Partial<PublishedView> & { readonly task?: Task } {
  switch (event.type) {
    case 'review.approved': {
      const { digest, baseCommit, acknowledged, withoutJudge, by } = event
      const given = { digest, baseCommit, acknowledged, withoutJudge, at: event.time }
      return {
        approval: { ...given, ...(by === undefined ? {} : { by }) },
        warnings: warnings.map((one) => ({ ...one, acknowledged: acknowledged.includes(one.code) })),
      }
    }
    case 'review.refused':
      return { refused: { verdict: event.verdict, by: event.by, reason: event.reason, at: event.time } }
    case 'branch.pushing':
      return { pushing: { branch: event.branch, commit: event.commit }, ...withRemote(task, event) }
    case 'branch.pushed':
      return { branch: event.branch, commit: event.commit, ...forkOf(task, event.remote) }
    case 'thread.answered': {
      const { thread, url, changed } = event
      return { answers: [...answers, { thread, changed, ...(url === undefined ? {} : { url }) }] }
    }
    case 'pullRequest.opened': {
      const { url, number, body, signature, autoMerge } = event
      return {
        pullRequest: {
          ...(url === undefined ? {} : { url }),
          ...(number === undefined ? {} : { number }),
          body,
          ...(signature === undefined ? {} : { signature }),
          ...(autoMerge === undefined ? {} : { autoMerge }),
        },
      }
    }
    case 'pullRequest.edited':
      return { edits: event.edits }
    case 'pullRequest.seen':
      return { seen: { ...event.seen, at: event.time } }
    case 'base.refused': {
      const { v: _, seq: __, type: ___, time: at, ...refusal } = event
      return { refusedBase: { ...refusal, at } }
    }
    default:
      return assertNever(event)
  }
}

/** One that came after the session began is its own from the first push on. */
function withRemote(
  task: Task,
  { recorded }: Extract<Event, { type: 'branch.pushing' }>,
): { readonly task?: Task } {
  if (recorded === undefined || task.repository.remote !== undefined) return {}
  return { task: { ...task, repository: { ...task.repository, remote: recorded } } }
}

/** A fork is named in the place of the remote that the session recorded. */
function forkOf({ repository }: Task, remote: string): Pick<PublishedView, 'fork'> {
  return remote === repository.remote?.name || !remote.includes('/') ? {} : { fork: remote }
}
