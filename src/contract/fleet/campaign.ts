import { z } from 'zod'
import { Codemod } from '../codemod.ts'
import { Settings } from '../settings.ts'

/** Names a campaign and its folder: submitted again, the same name is the same campaign. */
export const CampaignName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'may have the letters a to z, digits and hyphens alone, 63 at most')
export type CampaignName = z.infer<typeof CampaignName>

const within = z.string().regex(/^(?![\\/])[^\0]+$/, 'is not a relative path')

/** Where repositories come from: one of `path`, `url` and `github`. */
const Source = z
  .strictObject({
    /** A folder, or a glob of folders; relative to the campaign file. */
    path: z.string().min(1).optional(),
    /** Anything the user's git can fetch from. */
    url: z
      .string()
      .regex(
        /^(?:(?:https?|ssh|git|file):\/\/\S+|[\w.-]+@[\w.-]+:\S+)$/,
        'is no address that git can fetch from',
      )
      .refine((url) => !/^https?:\/\/[^/]*@/.test(url), {
        message: 'holds credentials: they belong to your git, not into a file',
      })
      .optional(),
    /** Every repository of a GitHub organisation or account that is neither archived nor a fork. */
    github: z
      .string()
      .regex(/^[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})$/, 'is not the name of an organisation')
      .optional(),
    /** With `github`: a glob of repositories' names. */
    match: z.string().min(1).optional(),
    /** Folder in the repository that is meant. */
    folder: within.optional(),
    /** The manifest that declares the package. */
    manifest: within.optional(),
    /** Whose quota counts; of an address its owner where undefined. */
    organisation: z.string().min(1).max(200).optional(),
    /** The higher, the earlier. */
    priority: z.int().min(0).max(1000).default(0),
  })
  .refine(({ path, url, github }) => [path, url, github].filter((one) => one !== undefined).length === 1, {
    message: 'has to name exactly one of path, url and github',
  })
  .refine(({ match, github }) => match === undefined || github !== undefined, {
    message: 'has a match, which goes with github alone',
  })

/** A plain text is a path, or an address where it looks like one. */
function written(value: unknown): unknown {
  if (typeof value !== 'string') return value
  return /^[a-z]+:\/\/|^[\w.-]+@[\w.-]+:/.test(value) ? { url: value } : { path: value }
}

export const RepositorySource = z.preprocess(written, Source)
export type RepositorySource = z.infer<typeof RepositorySource>

const money = z.number().positive()

export const CampaignLimits = z.strictObject({
  /** Sessions at once: on this machine, or of all workers together. */
  concurrency: z.int().positive().max(1000).default(1),
  /** Sessions at once in repositories of one organisation; needs Redis. */
  perOrganisation: z.int().positive().optional(),
  /** US dollars for models. A session's whole budget is set aside before it starts. */
  campaignUsd: money.optional(),
  /** Of one UTC day, over all campaigns. */
  dayUsd: money.optional(),
  /** Of one organisation's repositories, in this campaign. */
  organisationUsd: money.optional(),
  /** Requests to models in a minute, of all its sessions together. */
  modelRequestsPerMinute: z.number().positive().max(100_000).optional(),
  /** How often a job is begun again after its worker died. */
  restarts: z.int().nonnegative().max(20).default(3),
})
export type CampaignLimits = z.infer<typeof CampaignLimits>

/** How far each of the first repositories must come before the others begin. */
export const CanaryGate = z.enum(['verified', 'approved', 'merged'])
export type CanaryGate = z.infer<typeof CanaryGate>

/** A campaign file: one task, many repositories. */
export const Campaign = z
  .strictObject({
    name: CampaignName,
    /** `package@version`, as `drydock update` takes it. */
    update: z.string().min(1).max(300).optional(),
    change: z
      .strictObject({
        kind: z.enum(['refactor', 'migration']),
        title: z.string().min(1).max(200),
        prompt: z.string().min(1).max(50_000),
      })
      .optional(),
    /** A folder that `drydock distil` wrote, relative to the campaign file, which is read when it is submitted. */
    codemod: z.union([within, Codemod]).optional(),
    repositories: z.array(RepositorySource).min(1).max(5000),
    /** Settings of each session that differ from the defaults. */
    settings: Settings.partial().default({}),
    limits: CampaignLimits.prefault({}),
    canary: z
      .strictObject({ repositories: z.int().positive(), until: CanaryGate.default('verified') })
      .optional(),
    publish: z
      .strictObject({
        /** Approve and publish by itself what tests prove, a judge approves and no warning speaks against. */
        proven: z.boolean().default(false),
        /** Pull requests an hour, at most: each is a build for those who receive it. */
        perHour: z.number().positive().max(400).default(12),
      })
      .optional(),
    store: z
      .strictObject({
        /** Days after which an ended session may go from the store that the machines share. */
        keepDays: z.int().positive().max(36_500).optional(),
      })
      .optional(),
  })
  .refine(({ update, change }) => (update === undefined) !== (change === undefined), {
    message: 'needs either update or change, and not both',
  })
  .refine(({ codemod, update }) => codemod === undefined || update !== undefined, {
    message: 'has a codemod, which goes with update alone',
  })
export type Campaign = z.infer<typeof Campaign>

/** One line that names a campaign's task. */
export function campaignTask({ update, change }: Campaign): string {
  return update === undefined ? (change?.title ?? '') : `Update ${update}`
}
