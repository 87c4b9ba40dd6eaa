import { z } from 'zod'

/** What the script reads of `drydock fleet report --json`. */
export const CampaignReport = z.looseObject({
  costUsd: z.number(),
  rows: z.array(z.looseObject({ repository: z.string(), tone: z.string(), means: z.string().nullable() })),
})
export type CampaignReport = z.infer<typeof CampaignReport>
