import { z } from 'zod'
import { AttemptEnd } from './attempt.ts'
import { CodemodResult } from './codemod.ts'
import { ContainerEnd } from './containerEnd.ts'
import { DecisionId, DecisionVerdict, Elsewhere } from './elsewhere.ts'
import { Failure } from './failure.ts'
import { BaseRefusal, OnNewBase } from './newBase.ts'
import { CommitId, Minimised, PatchRef, Sha256 } from './patch.ts'
import { AutoMerge, PullRequestEdits } from './pullRequest.ts'
import { PullRequestSeen } from './pullRequestSeen.ts'
import { Matrix, Report, StageRole } from './report.ts'
import { ThreadAnswer } from './reviewThread.ts'
import { SessionId, Task } from './task.ts'
import { Verdict, Warning } from './verdict.ts'
import { WhyItBroke } from './why.ts'

export { AttemptEnd } from './attempt.ts'

/** The functions of the pipeline, as stages; `preflight`, `plan`, `review` are the runner's own. */
export const StageName = z.enum([
  'queue',
  'preflight',
  'package',
  'update',
  'prepare',
  'verify',
  'distil',
  'codemod',
  'repair',
  'judge',
  'review',
  'publish',
])
export type StageName = z.infer<typeof StageName>

export const Outcome = z.enum([
  'awaiting-review',
  'published',
  'rejected',
  'up-to-date',
  'vetoed',
  'verification-failed',
  'turn-limit',
  'cannot-repair',
  'budget-exceeded',
  'cancelled',
  'interrupted',
  'setup-failed',
  'merged',
  'closed',
])
export type Outcome = z.infer<typeof Outcome>

export const Usage = z.strictObject({
  inputTokens: z.int().nonnegative(),
  outputTokens: z.int().nonnegative(),
  cacheReadTokens: z.int().nonnegative(),
  cacheWriteTokens: z.int().nonnegative(),
})
export type Usage = z.infer<typeof Usage>

/** A package that moves: name, version before and after (undefined: added or gone). */
export const Move = z.strictObject({
  name: z.string(),
  from: z.string().optional(),
  to: z.string().optional(),
  /** Why it moves, where it was not asked for: `peer of react`. */
  reason: z.string().optional(),
})
export type Move = z.infer<typeof Move>

/** What a declaration of the updated package comes to, before and after. */
export const ResolvedPlace = z.strictObject({
  manifest: z.string(),
  before: z.string().optional(),
  after: z.string().optional(),
  /** What decides the version, where the manifest does not: an override, a catalog, a property. */
  by: z.string().optional(),
  /** Why it is not what was asked for, or could not be told. */
  note: z.string().optional(),
})
export type ResolvedPlace = z.infer<typeof ResolvedPlace>

/** Who made a patch: the package manager, a codemod, the agent, or a reviewer who left parts out. */
export const PatchSource = z.enum(['update', 'repair', 'reviewer', 'codemod'])
export type PatchSource = z.infer<typeof PatchSource>

const ofRun = { attempt: z.int().positive().optional(), report: Report }

const stage = { stage: StageName, role: StageRole.optional(), attempt: z.int().positive().optional() }

/** A commit's signature as a host sees it, with the host's own word for why. */
export const Signature = z.strictObject({ verified: z.boolean(), reason: z.string() })
export type Signature = z.infer<typeof Signature>

/** What the writer is given; it adds `v`, `seq` and `time`. */
export const EventBody = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('session.created'), task: Task, runner: z.string() }),
  /**
   * The session came from elsewhere, in an archive of this digest: what stands before was said on another machine, which
   * goes on with it where `elsewhere` names that.
   */
  z.strictObject({ type: z.literal('session.imported'), archive: Sha256, elsewhere: Elsewhere.optional() }),
  z.strictObject({ type: z.literal('stage.started'), ...stage }),
  z.strictObject({
    type: z.literal('stage.progress'),
    ...stage,
    message: z.string(),
    done: z.number().optional(),
    total: z.number().optional(),
  }),
  z.strictObject({
    type: z.literal('stage.finished'),
    ...stage,
    status: z.enum(['ok', 'failed', 'cancelled']),
    cached: z.boolean().optional(),
    durationMs: z.number().nonnegative(),
    detail: z.string().optional(),
    /** What the checks of this stage came to; that it ran to its end is `ok` all the same. */
    checks: z.enum(['passed', 'failed']).optional(),
    /** Of failed checks: nothing failed that passes on the base. */
    asOnBase: z.literal(true).optional(),
  }),
  z.strictObject({ type: z.literal('warning.raised'), warning: Warning }),
  /** `stage` is the one that started it. */
  z.strictObject({
    type: z.literal('container.ended'),
    ...{ ...stage, stage: StageName.optional() },
    ...ContainerEnd.shape,
  }),
  z.strictObject({
    type: z.literal('snapshot.packaged'),
    commit: CommitId,
    tree: CommitId,
    files: z.int().nonnegative(),
    bytes: z.int().nonnegative(),
    excluded: z.array(z.string()),
  }),
  z.strictObject({
    type: z.literal('update.planned'),
    manifests: z.array(z.string()),
    from: z.string(),
    to: z.string(),
    moves: z.array(Move),
  }),
  /** Read back from lock file or effective model, and from what was installed. */
  z.strictObject({
    type: z.literal('versions.resolved'),
    package: z.string(),
    to: z.string(),
    places: z.array(ResolvedPlace),
  }),
  /** What the update changed and why that broke something; a part that stands in it takes the place of what was said before. */
  z.strictObject({ type: z.literal('why.found'), ...WhyItBroke.shape }),
  z.strictObject({ type: z.literal('patch.made'), source: PatchSource, patch: PatchRef }),
  /** A reviewer leaves parts out; stands before any work, so that no end of it publishes them. */
  z.strictObject({ type: z.literal('review.dropping'), digest: Sha256, parts: z.array(z.string()) }),
  z.strictObject({ type: z.literal('patch.minimised'), digest: Sha256, ...Minimised.shape }),
  /** A reviewer took dropped parts back: the patch from before, with all that was known of it then. */
  z.strictObject({
    type: z.literal('patch.restored'),
    source: PatchSource,
    patch: PatchRef,
    minimised: Minimised.nullable(),
    /** Of the runs that checked this patch, not of the base's and the update's. */
    reports: z.array(z.strictObject(ofRun)),
    matrix: Matrix.nullable(),
    verdict: Verdict.nullable(),
    warnings: z.array(Warning),
    /** What of the packages that it moves was known then. */
    packages: WhyItBroke.shape.packages,
  }),
  /** A repair from elsewhere was made here, before any agent; stands after the checks of what it made. */
  z.strictObject({
    type: z.literal('codemod.tried'),
    /** sha256 of its text. */
    digest: Sha256,
    title: z.string(),
    /** The session that it was distilled from. */
    from: SessionId.optional(),
    result: CodemodResult,
    files: z.int().nonnegative(),
    detail: z.string().optional(),
    durationMs: z.number().nonnegative(),
  }),
  /** A model was asked for a codemod of an earlier session's repair. */
  z.strictObject({
    type: z.literal('codemod.distilled'),
    /** As in `codemod.tried`; missing with the title where the answer was none. */
    digest: Sha256.optional(),
    title: z.string().optional(),
    from: SessionId,
    model: z.string(),
    usage: Usage,
    costUsd: z.number().nonnegative(),
  }),
  z.strictObject({ type: z.literal('report.made'), ...ofRun }),
  z.strictObject({ type: z.literal('matrix.made'), matrix: Matrix }),
  z.strictObject({
    type: z.literal('attempt.started'),
    attempt: z.int().positive(),
    model: z.string(),
    /** sha256 of the agent's templates. */
    promptHash: Sha256.optional(),
  }),
  z.strictObject({
    type: z.literal('agent.turn'),
    attempt: z.int().positive(),
    turn: z.int().positive(),
    text: z.string(),
    toolCalls: z.array(z.strictObject({ id: z.string(), name: z.string(), input: z.string() })),
    stopReason: z.string(),
    usage: Usage,
    costUsd: z.number().nonnegative(),
    durationMs: z.number().nonnegative(),
    /** The exact request and reply, an `Exchange`. */
    exchange: Sha256.optional(),
  }),
  z.strictObject({
    type: z.literal('agent.toolResult'),
    attempt: z.int().positive(),
    turn: z.int().positive(),
    id: z.string(),
    isError: z.boolean(),
    /** Bounded and with control characters neutralised. */
    text: z.string(),
  }),
  z.strictObject({
    type: z.literal('model.retried'),
    purpose: z.enum(['agent', 'judge', 'distil']),
    reason: z.string(),
    delayMs: z.number().nonnegative(),
  }),
  z.strictObject({
    type: z.literal('attempt.finished'),
    attempt: z.int().positive(),
    end: AttemptEnd,
    turns: z.int().nonnegative(),
    detail: z.string().optional(),
    /** What the agent said of its work at its end, as the gateway heard it; claims that nobody checked. */
    account: z.string().optional(),
  }),
  z.strictObject({
    type: z.literal('verdict.given'),
    verdict: Verdict,
    usage: Usage.optional(),
    /** What the judge was given beside the task and the patch, an artifact. */
    given: Sha256.optional(),
  }),
  z.strictObject({
    type: z.literal('session.finished'),
    outcome: Outcome,
    reason: z.string(),
    failure: Failure.optional(),
    /** Made by a person on another machine. */
    decision: DecisionId.optional(),
  }),
  /** It ended for want of a key alone, has one now, and goes on where it stopped. */
  z.strictObject({ type: z.literal('session.resumed') }),
  z.strictObject({
    type: z.literal('review.approved'),
    digest: Sha256,
    baseCommit: CommitId,
    acknowledged: z.array(z.string()),
    withoutJudge: z.boolean(),
    /** A person took it on that the checks could prove nothing. */
    unverified: z.literal(true).optional(),
    /** Their name, as their git has it. */
    by: z.string().optional(),
    /** Made on another machine. */
    decision: DecisionId.optional(),
  }),
  /** A decision that a person made on another machine does not hold: of another patch, or against a rule. */
  z.strictObject({
    type: z.literal('review.refused'),
    decision: DecisionId,
    verdict: DecisionVerdict,
    by: z.string(),
    reason: z.string(),
  }),
  z.strictObject({ type: z.literal('pullRequest.edited'), edits: PullRequestEdits }),
  /** The base branch has moved, and the change was not brought onto it: nothing was pushed. */
  z.strictObject({ type: z.literal('base.refused'), ...BaseRefusal.shape }),
  /** The change stands on what the base branch is by now, checked there: the approval of the same change goes along. */
  z.strictObject({ type: z.literal('base.taken'), ...OnNewBase.shape }),
  /** Stands before the push: who finds it without `branch.pushed` asks the remote whether that came about. */
  z.strictObject({
    type: z.literal('branch.pushing'),
    remote: z.string(),
    branch: z.string(),
    commit: CommitId,
    /** The repository's remote, its address without credentials, where the session began without one. */
    recorded: z.strictObject({ name: z.string(), url: z.string() }).optional(),
  }),
  z.strictObject({
    type: z.literal('branch.pushed'),
    remote: z.string(),
    branch: z.string(),
    commit: CommitId,
  }),
  z.strictObject({
    type: z.literal('pullRequest.opened'),
    /** Undefined where the host has no interface we speak: the body is then in `body`. */
    url: z.string().optional(),
    number: z.int().positive().optional(),
    /** The body's text, an artifact. */
    body: Sha256,
    /** What the host thinks of the commit's signature. */
    signature: Signature.optional(),
    /** Missing where nobody wished it. */
    autoMerge: AutoMerge.optional(),
  }),
  /** What the host says of the pull request by now; told only where it changed. */
  z.strictObject({ type: z.literal('pullRequest.seen'), seen: PullRequestSeen }),
  /** A thread of the pull request's review was answered, with the commit that was pushed. */
  z.strictObject({ type: z.literal('thread.answered'), ...ThreadAnswer.shape }),
])
export type EventBody = z.infer<typeof EventBody>

const stamp = { v: z.literal(1), seq: z.int().positive(), time: z.iso.datetime() }
const lines = EventBody.options.map((body) => z.strictObject({ ...stamp, ...body.shape }))

/** One line of `events.jsonl`: one look at its type, one at its fields, for logs have tens of thousands of lines. */
export const Event = z.discriminatedUnion('type', lines as never) as unknown as z.ZodType<Event>
export type Event = EventBody & { readonly v: 1; readonly seq: number; readonly time: string }

export function assertNever(value: never): never {
  throw new Error(`unexpected value ${JSON.stringify(value)}`)
}
