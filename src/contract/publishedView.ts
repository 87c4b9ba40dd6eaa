import { z } from 'zod'
import { assertNever, type Event, Signature } from './events.ts'
import { CommitId, Sha256 } from './patch.ts'
import { PullRequestEdits } from './pullRequest.ts'
import { PullRequestSeen } from './pullRequestSeen.ts'
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
  branch: z.string().nullable(),
  commit: CommitId.nullable(),
  /** A push that was begun and not seen to its end. */
  pushing: z.strictObject({ branch: z.string(), commit: CommitId }).optional(),
  pullRequest: z
    .strictObject({
      url: z.string().optional(),
      number: z.int().positive().optional(),
      body: Sha256,
      signature: Signature.optional(),
    })
    .nullable(),
  /** What a person changed of its pull request's text and addressees. */
  edits: PullRequestEdits.optional(),
  /** What the host said of the pull request when it was last asked; missing where it never was. */
  seen: PullRequestSeen.extend({ at: time }).optional(),
}

const PublishedView = z.strictObject(publishedShape)
type PublishedView = z.infer<typeof PublishedView>

export type PublishedEvent = Extract<
  Event,
  {
    type: 'review.approved' | 'branch.pushing' | 'branch.pushed' | 'pullRequest.opened' | 'pullRequest.seen'
  }
>

/** What one of these events changes of it. */
export function published(
  warnings: PublishedView['warnings'],
  event: PublishedEvent,
): Partial<PublishedView> {
  switch (event.type) {
    case 'review.approved': {
      const { digest, baseCommit, acknowledged, withoutJudge, by } = event
      const given = { digest, baseCommit, acknowledged, withoutJudge, at: event.time }
      return {
        approval: { ...given, ...(by === undefined ? {} : { by }) },
        warnings: warnings.map((one) => ({ ...one, acknowledged: acknowledged.includes(one.code) })),
      }
    }
    case 'branch.pushing':
      return { pushing: { branch: event.branch, commit: event.commit } }
    case 'branch.pushed':
      return { branch: event.branch, commit: event.commit }
    case 'pullRequest.opened': {
      const { url, number, body, signature } = event
      return {
        pullRequest: {
          ...(url === undefined ? {} : { url }),
          ...(number === undefined ? {} : { number }),
          body,
          ...(signature === undefined ? {} : { signature }),
        },
      }
    }
    case 'pullRequest.seen':
      return { seen: { ...event.seen, at: event.time } }
    default:
      return assertNever(event)
  }
}
