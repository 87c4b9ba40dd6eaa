import { z } from 'zod'
import { Sha256 } from '../../src/contract/patch.ts'
import { SessionId } from '../../src/contract/task.ts'

export const tabs = ['changes', 'tests', 'judge', 'timeline'] as const
export type Tab = (typeof tabs)[number]

/** What the page remembers over a reload of the window. */
export const KeptState = z.strictObject({
  session: SessionId.optional(),
  /** The patch that the ticks are about; another patch voids them. */
  digest: Sha256.optional(),
  ticked: z.array(z.string()),
  withoutJudge: z.boolean(),
  tab: z.enum(tabs).optional(),
  layout: z.enum(['unified', 'split']).optional(),
})
export type KeptState = z.infer<typeof KeptState>

const nothing: KeptState = { ticked: [], withoutJudge: false }

export function readKept(state: unknown): KeptState {
  const read = KeptState.safeParse(state)
  return read.success ? read.data : nothing
}

/** The ticks hold for one patch: with another one on show there are none. */
export function keptFor(kept: KeptState, session: string, digest: string | undefined): KeptState {
  const { tab, layout } = kept
  const same = kept.session === session && kept.digest === digest
  return {
    session,
    ...(digest === undefined ? {} : { digest }),
    ticked: same ? kept.ticked : [],
    withoutJudge: same && kept.withoutJudge,
    ...(tab === undefined ? {} : { tab }),
    ...(layout === undefined ? {} : { layout }),
  }
}
