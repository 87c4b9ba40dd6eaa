import { z } from 'zod'
import { FailureCode } from './failure.ts'
import { Sha256 } from './patch.ts'

/** GitHub's own bound for a body; hosts that take more get no more. */
export const mostBodyCharacters = 65_536
/** A person's own part of a body: what was run and seen stands below it, and needs room. */
export const mostOwnCharacters = 32_768

/**
 * A pull request as it is to be: what publishing hands to a host. Whatever of it a host cannot do is said in a note and
 * keeps nothing from being opened.
 */
export const PullRequestWish = z.strictObject({
  /** One line of plain text. */
  title: z.string().min(1),
  /** Markdown, at most `mostBodyCharacters`. */
  body: z.string(),
  /** The pushed branch. */
  head: z.string(),
  /** Where it should be merged; the default branch where this one is not at the remote. */
  base: z.string().optional(),
  draft: z.boolean(),
  labels: z.array(z.string()),
  /** Names of accounts, without `@`. */
  assignees: z.array(z.string()),
  reviewers: z.array(z.string()),
  /** Names of teams, without their organisation. */
  teamReviewers: z.array(z.string()),
  /** By its title. */
  milestone: z.string().optional(),
})
export type PullRequestWish = z.infer<typeof PullRequestWish>

/** How far an update may go that a host merges by itself. */
export const AutoMergeLevel = z.enum(['patch', 'minor'])
export type AutoMergeLevel = z.infer<typeof AutoMergeLevel>

/** Days that a version has to be out for that, where nobody says. */
export const autoMergeDays = 7

/** What came of asking the host to merge by itself. */
export const AutoMerge = z.strictObject({ on: z.boolean(), said: z.string().max(500).optional() })
export type AutoMerge = z.infer<typeof AutoMerge>

/** The three-run matrix as a host shows it beside a commit: as a check run, or its first line as a status. */
export const CheckSummary = z.strictObject({
  /** The check's name. */
  name: z.string(),
  conclusion: z.enum(['success', 'failure', 'neutral']),
  /** One line of plain text, at most 140 characters, as a commit status takes them. */
  title: z.string().max(140),
  /** Markdown, at most 65,535 characters. */
  summary: z.string().max(65_535),
})
export type CheckSummary = z.infer<typeof CheckSummary>

/** The least that opens a pull request; everything else is a habit of the repository or the user. */
export function plainWish(said: Pick<PullRequestWish, 'title' | 'body' | 'head' | 'base'>): PullRequestWish {
  return { ...said, draft: false, labels: [], assignees: [], reviewers: [], teamReviewers: [] }
}

/** What a person changed of a pull request before it was sent; what is missing is as it was made. */
export const PullRequestEdits = z.strictObject({
  title: z.string().min(1).max(250).optional(),
  /** A person's own part of the text, an artifact; what was run and seen stands below it whatever it says. */
  body: Sha256.optional(),
  branch: z.string().max(200).optional(),
  draft: z.boolean().optional(),
  labels: z.array(z.string()).optional(),
  assignees: z.array(z.string()).optional(),
  /** Accounts, and teams as `organisation/team`. */
  reviewers: z.array(z.string()).optional(),
  milestone: z.string().optional(),
})
export type PullRequestEdits = z.infer<typeof PullRequestEdits>

/** What a person wants otherwise, with the text itself: from a form, from flags, or as a file. */
export const PullRequestWording = z.strictObject({
  ...PullRequestEdits.shape,
  title: z.string().max(1000).optional(),
  labels: z.array(z.string().max(200)).max(100).optional(),
  assignees: z.array(z.string().max(200)).max(100).optional(),
  reviewers: z.array(z.string().max(200)).max(100).optional(),
  milestone: z.string().max(1000).optional(),
  body: z.string().max(200_000).optional(),
})
export type PullRequestWording = z.infer<typeof PullRequestWording>

/** A pull request as it will be, before anything of it is sent. */
export const PullRequestPreview = z.strictObject({
  ...PullRequestWish.shape,
  /** The part of the body that a person may write otherwise. */
  own: z.string(),
  /** What stands below it whatever they write: what was run, seen and said. */
  fixed: z.string(),
  /** Reviewers as edits name them: accounts, and teams as `organisation/team`. */
  asked: z.array(z.string()),
  /** What it cannot say yet, and what a person must know. */
  notes: z.array(z.string()),
  /** What stands in the way of publishing it as things are; the first has to be mended first. */
  obstacles: z
    .array(
      z.strictObject({
        code: FailureCode,
        message: z.string(),
        next: z.string(),
        /** A person's word takes it on: a flag, a tick in the panel, or an answer at a terminal. */
        word: z.literal(true).optional(),
      }),
    )
    .optional(),
})
export type PullRequestPreview = z.infer<typeof PullRequestPreview>
