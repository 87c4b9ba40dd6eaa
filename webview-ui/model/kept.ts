import { z } from 'zod'
import { Sha256 } from '../../src/contract/patch.ts'
import { PullRequestWording } from '../../src/contract/pullRequest.ts'
import { DroppedPart } from '../../src/contract/reviewView.ts'
import { SessionId } from '../../src/contract/task.ts'

export const tabs = ['changes', 'tests', 'judge', 'pullRequest', 'timeline'] as const
export type Tab = (typeof tabs)[number]

/** What the page remembers over a reload of the window. */
export const KeptState = z.strictObject({
  session: SessionId.optional(),
  /** The patch that ticks and dropped parts are about; another patch voids them. */
  digest: Sha256.optional(),
  ticked: z.array(z.string()),
  withoutJudge: z.boolean(),
  unverified: z.boolean().default(false),
  /** Parts left out that no check has seen yet. */
  dropped: z.array(DroppedPart).default([]),
  /** What a person wants otherwise of the pull request; it is not sent before they approve. */
  wording: PullRequestWording.optional(),
  tab: z.enum(tabs).optional(),
  layout: z.enum(['unified', 'split']).optional(),
})
export type KeptState = z.infer<typeof KeptState>

const nothing: KeptState = { ticked: [], withoutJudge: false, unverified: false, dropped: [] }

export function readKept(state: unknown): KeptState {
  const read = KeptState.safeParse(state)
  return read.success ? read.data : nothing
}

/** Ticks and dropped parts are about one patch: with another one on show there are none. */
export function keptFor(kept: KeptState, session: string, digest: string | undefined): KeptState {
  const { tab, layout, wording } = kept
  const same = kept.session === session && kept.digest === digest
  return {
    session,
    ...(digest === undefined ? {} : { digest }),
    ticked: same ? kept.ticked : [],
    withoutJudge: same && kept.withoutJudge,
    unverified: same && kept.unverified,
    dropped: same ? kept.dropped : [],
    // A person's own words outlive the patch: what is said of that one stands below them, whatever they are.
    ...(wording === undefined || kept.session !== session ? {} : { wording }),
    ...(tab === undefined ? {} : { tab }),
    ...(layout === undefined ? {} : { layout }),
  }
}
