import { z } from 'zod'
import { Codemod } from './codemod.ts'
import { Failure } from './failure.ts'
import { CampaignAction } from './fleet/actions.ts'
import { CampaignName } from './fleet/campaign.ts'
import { CommitId, Sha256 } from './patch.ts'
import { PullRequestWording } from './pullRequest.ts'
import { Settings } from './settings.ts'
import { DependencyUpdate, SessionId } from './task.ts'

/** The repository that a new session works on; its commit, branch and remote are read by the runner. */
const repository = {
  /** Absolute path of a folder in the work tree. */
  root: z.string().min(1),
  includeUncommitted: z.boolean().default(false),
}

/** Settings that differ from the defaults. */
const settings = Settings.partial().default({})

const reason = z.string().max(10_000)

/** What one runner process is asked to do with a session, on its standard input. */
export const RunRequest = z.discriminatedUnion('do', [
  z.strictObject({
    do: z.literal('update'),
    repository: z.strictObject(repository),
    settings,
    ecosystem: DependencyUpdate.shape.ecosystem.optional(),
    /** As its ecosystem names it. */
    package: z.string().min(1),
    requested: z.string().min(1).default('latest'),
    manifest: z.string().optional(),
    codemod: Codemod.optional(),
    fresh: z.literal(true).optional(),
  }),
  z.strictObject({
    do: z.literal('change'),
    repository: z.strictObject(repository),
    settings,
    kind: z.enum(['refactor', 'migration']),
    title: z.string().min(1).max(200),
    prompt: z.string().min(1).max(50_000),
    fresh: z.literal(true).optional(),
  }),
  /** A new session for the same task, from the ended session's last patch where it has one. */
  z.strictObject({ do: z.literal('retry'), session: SessionId, note: reason.optional() }),
  /**
   * Leaves hunks of one of a waiting session's patches out, and verifies and judges what remains; with nothing
   * dropped that patch comes back.
   */
  z.strictObject({
    do: z.literal('drop'),
    session: SessionId,
    digest: Sha256,
    /** The whole file where `hunk` is missing; hunks count from 0. */
    dropped: z
      .array(z.strictObject({ path: z.string().min(1), hunk: z.int().nonnegative().optional() }))
      .max(10_000),
  }),
  /** Takes dropped parts back: the patch that `digest` names is on show again, with the evidence it had. */
  z.strictObject({ do: z.literal('restore'), session: SessionId, digest: Sha256 }),
  /** Approves the patch that was on show, pushes its branch and opens the pull request. */
  z.strictObject({
    do: z.literal('publish'),
    session: SessionId,
    digest: Sha256,
    baseCommit: CommitId,
    acknowledged: z.array(z.string().max(5000)).max(1000),
    withoutJudge: z.boolean().default(false),
    /** A person takes it on that the checks could prove nothing. */
    unverified: z.boolean().default(false),
    /** What they want otherwise of its text and addressees. */
    wording: PullRequestWording.optional(),
  }),
  /** Asks the host what became of the session's pull request. */
  z.strictObject({ do: z.literal('sync'), session: SessionId }),
  /**
   * A session on what base branch and pull request are by now; `checks`: only where one fails that the base passes;
   * `comments`: only where people who may write wait for an answer.
   */
  z.strictObject({
    do: z.literal('follow-up'),
    session: SessionId,
    checks: z.boolean().default(false),
    comments: z.boolean().default(false),
  }),
  z.strictObject({ do: z.literal('reject'), session: SessionId, reason: reason.optional() }),
])
export type RunRequest = z.infer<typeof RunRequest>

/** What a person decided of a whole campaign. Where nobody is at work on it and it is to go on, this process runs it. */
export const CampaignRequest = z.strictObject({
  do: z.literal('campaign'),
  campaign: CampaignName,
  action: CampaignAction,
})
export type CampaignRequest = z.infer<typeof CampaignRequest>

/** Secrets live in the runner's memory alone; none is ever an argument, a file or an environment variable. */
export const RunSecrets = z.strictObject({
  anthropicApiKey: z.string().min(1).optional(),
  githubToken: z.string().min(1).optional(),
})
export type RunSecrets = z.infer<typeof RunSecrets>

/** The one JSON document on the standard input of `drydock run --task -`. */
export const RunInput = z.strictObject({
  v: z.literal(1),
  request: z.discriminatedUnion('do', [RunRequest, CampaignRequest]),
  secrets: RunSecrets,
})
export type RunInput = z.infer<typeof RunInput>

/** The first line on its standard output; everything later stands in the session's event log. */
export const RunAnswer = z.discriminatedUnion('ok', [
  /** Of what was asked of a campaign there is no session to name. */
  z.strictObject({ ok: z.literal(true), session: SessionId.optional() }),
  z.strictObject({
    ok: z.literal(false),
    failure: Failure,
  }),
])
export type RunAnswer = z.infer<typeof RunAnswer>
