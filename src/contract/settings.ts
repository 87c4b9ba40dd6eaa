import { z } from 'zod'
import { type ToolchainKey, toolchainKeys } from './ecosystems/index.ts'
import { AutoMergeLevel } from './pullRequest.ts'

/** Limits and choices of a run, with their defaults. */
export const Settings = z.strictObject({
  model: z.string().default('claude-sonnet-5-5'),
  /** Model of the last attempt, where a stronger one should try. */
  lastAttemptModel: z.string().optional(),
  judgeModel: z.string().optional(),
  /** Another model that must approve as well where the judge does. */
  secondOpinionModel: z.string().optional(),
  maxTurns: z.int().positive().default(10),
  maxAttempts: z.int().positive().default(3),
  maxOutputTokens: z.int().positive().default(16_000),
  toolTimeoutMs: z.int().positive().default(30_000),
  verifyTimeoutMs: z.int().positive().default(600_000),
  installTimeoutMs: z.int().positive().default(600_000),
  budgetUsd: z.number().positive().default(5),
  wallClockMs: z.int().positive().default(3_600_000),
  memoryMb: z.int().positive().default(4096),
  cpus: z.number().positive().default(2),
  pids: z.int().positive().default(1024),
  workspaceMb: z.int().positive().default(2048),
  workspaceInodes: z.int().positive().default(400_000),
  maxConcurrentSessions: z.int().positive().default(2),
  /** Package committed files that look like secrets, too. */
  keepSecretFiles: z.boolean().default(false),
  /** Leave out what no registry has any more, where the project itself does not depend on it. */
  allowMissing: z.boolean().optional(),
  /** Rerun a test that failed where it passed before, at most this often. */
  flakeReruns: z.int().nonnegative().default(2),
  /** Time for finding parts of a repair that the checks do not need, and never more than a verification took; 0 for none. */
  minimiseMs: z.int().nonnegative().default(120_000),
  /** Checks for the same, at most. */
  minimiseChecks: z.int().nonnegative().default(6),
  /** Export the words of models and people with a session's trace, where traces are exported. */
  captureContent: z.boolean().optional(),
  /** Base URL of the GitHub API; undefined for the public one. */
  githubApiUrl: z.url().optional(),
  /** Address of a GitLab server; undefined for the public one. */
  gitlabUrl: z.url().optional(),
  /** Container runtime the engine offers, such as `runsc`. */
  runtime: z.string().optional(),
  /** Hosts, `host` or `host:port`, that dependencies from git and addresses may come from besides forges and the remote's. */
  gitHosts: z
    .array(z.string().regex(/^[A-Za-z0-9][A-Za-z0-9.-]*(:\d{1,5})?$/, 'not a host'))
    .max(100)
    .optional(),
  /** Template of a pull request's title: `{package}`, `{from}`, `{to}`, `{kind}`, `{title}`, `{session}`. */
  pullRequestTitle: z.string().max(200).optional(),
  /** Template of its branch, of the same names. */
  pullRequestBranch: z.string().max(200).optional(),
  /** As most commits of the repository are, where nothing is said. */
  pullRequestStyle: z.enum(['conventional', 'plain']).optional(),
  pullRequestDraft: z.boolean().optional(),
  pullRequestLabels: z.array(z.string()).max(50).optional(),
  pullRequestAssignees: z.array(z.string()).max(10).optional(),
  /** Accounts, teams as `organisation/team`, or `codeowners` for those of the changed files. */
  pullRequestReviewers: z.array(z.string()).max(50).optional(),
  /** One of these is asked as well, each in turn. */
  pullRequestReviewersInTurn: z.array(z.string()).max(50).optional(),
  pullRequestMilestone: z.string().max(200).optional(),
  /** Let the host merge updates no larger than this by itself, where the repository's own file allows it too. */
  pullRequestAutoMerge: AutoMergeLevel.optional(),
  /** Days that a version has to be out for that. */
  pullRequestAutoMergeDays: z.int().nonnegative().optional(),
})
export type Settings = z.infer<typeof Settings>

const version = z.string().optional()
const toolchains = Object.fromEntries(
  Object.entries(toolchainKeys).map(([key, description]) => [key, version.describe(description)]),
) as Record<ToolchainKey, typeof version>

/** `.drydock.json`, read from the base commit: it can narrow a run, never widen it. */
export const RepositoryConfig = z.strictObject({
  $schema: z.string().optional(),
  commands: z
    .strictObject({
      build: z.string().nullable().optional().describe('Builds the project; null: nothing does.'),
      test: z.string().nullable().optional().describe('Runs the tests; null: there are none.'),
      lint: z.string().nullable().optional().describe('Lints the project; null: nothing does.'),
      typecheck: z
        .string()
        .nullable()
        .optional()
        .describe(
          'Checks the types, instead of what Drydock derives from tsconfig.json; null: nothing does.',
        ),
    })
    .optional()
    .describe('Commands of the checks, where the scripts of the manifest are not meant.'),
  ...toolchains,
  protectedPaths: z.array(z.string()).optional().describe('Further protected paths, globs.'),
  testPaths: z
    .array(z.string())
    .optional()
    .describe("Globs of files that are tests where Drydock's own rules do not see it."),
  maxTurns: z
    .int()
    .positive()
    .optional()
    .describe('Turns of the agent in one attempt; it can only lower the setting.'),
  maxAttempts: z
    .int()
    .positive()
    .optional()
    .describe('Attempts of the agent; it can only lower the setting.'),
  budgetUsd: z
    .number()
    .positive()
    .optional()
    .describe('Money for the model in one session, US dollars; it can only lower the setting.'),
  pullRequest: z
    .strictObject({
      draft: z.literal(true).optional().describe('Every pull request begins as a draft.'),
      labels: z.array(z.string()).optional().describe('The only labels that one may get.'),
      reviewers: z.literal(false).optional().describe('Nobody is asked to review.'),
      autoMerge: AutoMergeLevel.optional().describe(
        'How far an update may go that the host merges by itself, where the user wants that too.',
      ),
    })
    .optional()
    .describe('What pull requests of Drydock may be here, within what the user set.'),
})
export type RepositoryConfig = z.infer<typeof RepositoryConfig>

/** A repository's configuration laid over the user's settings: numbers only ever shrink. */
export function narrow(settings: Settings, config: RepositoryConfig): Settings {
  return {
    ...settings,
    maxTurns: Math.min(settings.maxTurns, config.maxTurns ?? settings.maxTurns),
    maxAttempts: Math.min(settings.maxAttempts, config.maxAttempts ?? settings.maxAttempts),
    budgetUsd: Math.min(settings.budgetUsd, config.budgetUsd ?? settings.budgetUsd),
  }
}
