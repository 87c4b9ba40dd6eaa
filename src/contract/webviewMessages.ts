import { z } from 'zod'
import { ExchangePart } from './exchange.ts'
import { Failure } from './failure.ts'
import { Remedy } from './inEditor.ts'
import { Moment, PastPatch } from './moments.ts'
import { Sha256 } from './patch.ts'
import { PullRequestPreview, PullRequestWording } from './pullRequest.ts'
import { ReviewView, TurnDetail, TurnHead } from './reviewView.ts'

/** A path in the repository: relative, in slashes, without a way out. */
const RepositoryPath = z
  .string()
  .min(1)
  .max(4096)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
  .regex(/^[^/\\:\u0000-\u001f\u007f][^\\:\u0000-\u001f\u007f]*$/)
  .refine((path) => !path.split('/').some((name) => name === '' || name === '.' || name === '..'))

const Line = z.int().positive()
/** A file of the patch on show. */
const file = { digest: Sha256, path: RepositoryPath }
/** Which hunk of the patch on show, by file and by its place there, from 0. */
const hunk = { ...file, hunk: z.int().nonnegative() }

/** A key that is own property of no honest message, and that a strict schema does not see. */
const withoutPrototype = z
  .unknown()
  .refine((said) => typeof said !== 'object' || said === null || !Object.hasOwn(said, '__proto__'))

const Asked = z.discriminatedUnion('type', [
  /** With what a reviewer had left out of a patch before the window was loaded again. */
  z.strictObject({
    type: z.literal('ready'),
    dropped: z
      .strictObject({
        digest: Sha256,
        parts: z
          .array(z.strictObject({ path: RepositoryPath, hunk: z.int().nonnegative().optional() }))
          .max(10_000),
      })
      .optional(),
  }),
  /** Binds what was on show: another patch, or a warning that is not ticked, voids it. */
  z.strictObject({
    type: z.literal('approve'),
    digest: Sha256,
    acknowledged: z.array(z.string().max(5000)).max(1000),
    withoutJudge: z.boolean().optional(),
    unverified: z.boolean().optional(),
    /** What they want otherwise of the pull request. */
    wording: PullRequestWording.optional(),
  }),
  /** The pull request as it would be with this wording. */
  z.strictObject({ type: z.literal('showPreview'), digest: Sha256, wording: PullRequestWording.optional() }),
  z.strictObject({ type: z.literal('reject'), reason: z.string().max(10_000).optional() }),
  z.strictObject({ type: z.literal('retry'), note: z.string().max(10_000).optional() }),
  z.strictObject({ type: z.literal('cancel') }),
  /** A session that lacked a key goes on where it stopped; asks for one where there is none. */
  z.strictObject({ type: z.literal('goOn') }),
  /** What the editor can do about a failure that the panel shows. */
  z.strictObject({ type: z.literal('mend'), remedy: Remedy }),
  /** The change in a work tree of its own, in a new window. */
  z.strictObject({ type: z.literal('checkOut'), digest: Sha256 }),
  /** The session that this one tries again. */
  z.strictObject({ type: z.literal('showEarlier') }),
  z.strictObject({ type: z.literal('openFile'), path: RepositoryPath, line: Line.optional() }),
  /** A line of the base that the session names as a use of the package. */
  z.strictObject({ type: z.literal('openSite'), path: RepositoryPath, line: Line }),
  /** A line of the change that one of its warnings names. */
  z.strictObject({ type: z.literal('openWarned'), path: RepositoryPath, line: Line }),
  /** Opened only after a person confirmed the whole address. */
  z.strictObject({ type: z.literal('openLink'), url: z.url({ protocol: /^https$/ }).max(2000) }),
  z.strictObject({ type: z.literal('dropHunk'), ...hunk }),
  z.strictObject({ type: z.literal('keepHunk'), ...hunk }),
  z.strictObject({ type: z.literal('dropFile'), ...file }),
  /** Keeps the file and all its hunks. */
  z.strictObject({ type: z.literal('keepFile'), ...file }),
  /** Verifies what is left of the patch without what was dropped. */
  z.strictObject({ type: z.literal('verifyDropped'), digest: Sha256 }),
  /** The patch from before the parts of the one on show were dropped. */
  z.strictObject({ type: z.literal('takeBack'), digest: Sha256 }),
  /** The whole patch in the editor's own view of many files. */
  z.strictObject({ type: z.literal('openDiff'), digest: Sha256 }),
  /** The whole log of a step, an artifact of the session's reports. */
  z.strictObject({ type: z.literal('openLog'), log: Sha256 }),
  /** The first turns of many are drawn: the others may come. */
  z.strictObject({ type: z.literal('showTurns') }),
  z.strictObject({ type: z.literal('showTurn'), index: z.int().nonnegative() }),
  /** The exact request and reply of a turn: in the panel, or whole in the editor. */
  z.strictObject({ type: z.literal('showExchange'), index: z.int().nonnegative() }),
  z.strictObject({ type: z.literal('openExchange'), index: z.int().nonnegative() }),
  /** What the session was, moment by moment; the text of a patch that it had. */
  z.strictObject({ type: z.literal('showPast') }),
  z.strictObject({ type: z.literal('showPastPatch'), digest: Sha256 }),
])
/** All that the review panel may ask of the extension; the panel shows hostile text, so nothing else is heard. */
export const MessageToHost = withoutPrototype.pipe(Asked)
export type MessageToHost = z.infer<typeof MessageToHost>

/** All that the extension tells the panel. */
export const MessageToPanel = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('review'), review: ReviewView }),
  /** Turns that are new or changed, by their place in the session; `total` of them there are. */
  z.strictObject({ type: z.literal('turns'), total: z.int().nonnegative(), turns: z.array(TurnHead) }),
  z.strictObject({ type: z.literal('turn'), turn: TurnDetail }),
  /** Long texts are cut; `problem` where it cannot be read. */
  z.strictObject({
    type: z.literal('exchange'),
    index: z.int().nonnegative(),
    parts: z.array(ExchangePart),
    problem: z.string().optional(),
  }),
  /** The text of the patch that the last `review` names. */
  z.strictObject({ type: z.literal('patch'), digest: Sha256, text: z.string() }),
  z.strictObject({ type: z.literal('past'), moments: z.array(Moment), patches: z.array(PastPatch) }),
  z.strictObject({ type: z.literal('pastPatch'), digest: Sha256, text: z.string() }),
  /** The pull request of the patch on show, or what is wrong with the wording that was asked about. */
  z.strictObject({
    type: z.literal('preview'),
    digest: Sha256,
    /** What was asked about. */
    wording: PullRequestWording,
    preview: PullRequestPreview.optional(),
    failure: Failure.optional(),
  }),
  /** What was asked for could not be done. */
  z.strictObject({ type: z.literal('failed'), failure: Failure }),
])
export type MessageToPanel = z.infer<typeof MessageToPanel>
