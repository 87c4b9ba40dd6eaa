import { z } from 'zod'
import { SessionId } from '../task.ts'
import { CampaignAction } from './actions.ts'
import type { CampaignReport } from './report.ts'

/** All that a campaign's page may ask of the extension; it shows names of repositories, so nothing else is heard. */
export const CampaignAsked = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('ready') }),
  /** A session whose log is on this machine. */
  z.strictObject({ type: z.literal('open'), session: SessionId }),
  /** The pull request of a repository of the campaign. */
  z.strictObject({ type: z.literal('openLink'), url: z.url({ protocol: /^https?$/ }).max(2000) }),
  z.strictObject({ type: z.literal('act'), action: CampaignAction }),
  /** As one file, where the person wants it. */
  z.strictObject({ type: z.literal('report') }),
])
export type CampaignAsked = z.infer<typeof CampaignAsked>

/** What a campaign's page shows at one time. */
export interface CampaignShown {
  readonly type: 'campaign'
  readonly report: CampaignReport
  readonly actions: readonly CampaignAction[]
  /** Sessions whose log is on this machine, with what each is at where somebody works on it. */
  readonly here: Readonly<Record<string, string | null>>
  /** How many repositories a retry would begin again. */
  readonly failed: number
  /** An action was asked for and is not carried out yet. */
  readonly pending: CampaignAction | 'report' | null
}

/** There is nothing to show, or what was asked for could not be done. */
export interface CampaignTrouble {
  readonly type: 'trouble'
  /** `gone`: there is no such campaign any more. `unreadable`: its log is damaged. */
  readonly kind: 'gone' | 'unreadable' | 'refused'
  readonly text: string
}
export type CampaignSaid = CampaignShown | CampaignTrouble
