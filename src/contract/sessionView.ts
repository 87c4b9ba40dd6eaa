import { z } from 'zod'
import { AttemptView } from './attemptView.ts'
import { CodemodView } from './codemod.ts'
import { Elsewhere } from './elsewhere.ts'
import { assertNever, type Event, Move, Outcome, PatchSource, ResolvedPlace, Usage } from './events.ts'
import { Failure } from './failure.ts'
import { failures } from './failures.ts'
import { CommitId, Minimised, PatchFile, Sha256 } from './patch.ts'
import { published, publishedShape } from './publishedView.ts'
import { Matrix, RunRole } from './report.ts'
import { ReportView, reported } from './reportView.ts'
import { StageView, withStage } from './stageView.ts'
import { SessionId, Task } from './task.ts'
import { Verdict, type Warning } from './verdict.ts'
import { WhyItBroke } from './why.ts'

export { AttemptView } from './attemptView.ts'
export { ReportView } from './reportView.ts'

const time = z.iso.datetime()

/** What a session is, folded from its events; what `--json` prints. Times are UTC, costs US dollars. */
export const SessionView = z.strictObject({
  id: SessionId,
  task: Task,
  /** Null until the session finished. */
  outcome: Outcome.nullable(),
  /** Why it has its outcome, in one line. */
  reason: z.string().nullable(),
  failure: Failure.nullable(),
  /** Null: nobody has asked the runner's socket. A log cannot tell. */
  alive: z.boolean().nullable(),
  stages: z.array(StageView),
  turns: z.int().nonnegative(),
  attempts: z.array(AttemptView),
  modelRetries: z.int().nonnegative(),
  costUsd: z.number().nonnegative(),
  usage: Usage,
  snapshot: z
    .strictObject({
      files: z.int().nonnegative(),
      bytes: z.int().nonnegative(),
      excluded: z.array(z.string()),
    })
    .nullable(),
  from: z.string().nullable(),
  to: z.string().nullable(),
  moves: z.array(Move),
  /** What each declaration of the updated package comes to; missing where nothing was read back. */
  places: z.array(ResolvedPlace).optional(),
  /** What the update changed and why that broke something; missing where nobody looked. */
  why: WhyItBroke.optional(),
  /** The latest patch; its text is the artifact `digest`. */
  patch: z
    .strictObject({
      source: PatchSource,
      baseCommit: CommitId,
      digest: Sha256,
      files: z.array(PatchFile),
    })
    .nullable(),
  /** Parts that a reviewer wants left out of that patch, while nobody has made and checked what remains. */
  dropping: z.array(z.string()).optional(),
  /** Parts of that patch which the checks do not need; null where nobody looked for them. */
  minimised: Minimised.nullable(),
  /** What came of a codemod that was tried before any agent; missing where none was. */
  codemod: CodemodView.optional(),
  reports: z.partialRecord(RunRole, ReportView),
  matrix: Matrix.nullable(),
  verdict: Verdict.nullable(),
  ...publishedShape,
  /** It was brought here from another machine; missing where it was made on this one. `elsewhere`: it goes on there. */
  imported: z.strictObject({ at: time, archive: Sha256, elsewhere: Elsewhere.optional() }).optional(),
  createdAt: time,
  updatedAt: time,
})
export type SessionView = z.infer<typeof SessionView>

/** Folds a whole log. Throws `bad-log` where it does not begin with `session.created`. */
export function sessionView(events: Iterable<Event>): SessionView {
  let view: SessionView | undefined
  for (const event of events) view = reduce(view, event)
  if (view === undefined) throw failures.badLog('events.jsonl', 1, 'it is empty')
  return view
}

/** The view after one more event; pure, and never changes the view it is given. */
export function reduce(view: SessionView | undefined, event: Event): SessionView {
  if (event.type === 'session.created') return created(event)
  if (view === undefined) throw failures.badLog('events.jsonl', 1, 'it does not begin with session.created')
  const after = { ...view, ...change(view, event), updatedAt: event.time }
  // Missing rather than undefined: an old log's view is what it always was.
  if (endsDropping(event)) {
    // What was to be pushed is another patch by now.
    delete after.dropping
    delete after.pushing
  }
  if (event.type === 'branch.pushed') delete after.pushing
  if (event.type === 'review.approved') delete after.refused
  if (after.refusedBase !== undefined && after.refusedBase.digest !== after.patch?.digest)
    delete after.refusedBase
  if (event.type === 'patch.made' || event.type === 'patch.restored') delete after.edits
  return after
}

function endsDropping(event: Event): boolean {
  return event.type === 'patch.restored' || (event.type === 'patch.made' && event.source === 'reviewer')
}

type EventOf<Type extends Event['type']> = Extract<Event, { type: Type }>
type Change = Partial<SessionView>

const nothingUsed: Usage = { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0 }

function created(event: EventOf<'session.created'>): SessionView {
  return {
    id: event.task.id,
    task: event.task,
    ...{ outcome: null, reason: null, failure: null, alive: null },
    ...{ stages: [], turns: 0, attempts: [], modelRetries: 0, costUsd: 0, usage: nothingUsed },
    ...{ snapshot: null, from: null, to: null, moves: [], patch: null, minimised: null },
    ...{ reports: {}, matrix: null, verdict: null, warnings: [] },
    ...{ approval: null, branch: null, commit: null, pullRequest: null },
    createdAt: event.time,
    updatedAt: event.time,
  }
}

function change(view: SessionView, event: Exclude<Event, { type: 'session.created' }>): Change {
  switch (event.type) {
    case 'session.imported':
      return importedBy(event)
    case 'stage.started':
    case 'stage.progress':
    case 'stage.finished':
      return { stages: withStage(view.stages, event, view.outcome !== null) }
    case 'warning.raised':
      return { warnings: withWarning(view.warnings, event.warning) }
    case 'snapshot.packaged':
      return { snapshot: { files: event.files, bytes: event.bytes, excluded: event.excluded } }
    case 'update.planned':
      return { from: event.from, to: event.to, moves: event.moves }
    case 'versions.resolved':
      return { places: event.places }
    case 'why.found':
      return whyOf(view, event)
    case 'patch.made':
      return patched(view, event)
    case 'review.dropping':
      return event.digest === view.patch?.digest ? { dropping: event.parts, approval: null } : {}
    case 'patch.minimised':
      return minimisedOf(view, event)
    case 'patch.restored':
      return restored(view, event)
    case 'codemod.tried':
    case 'codemod.distilled':
      return byCodemod(view, event)
    case 'report.made':
      return { reports: { ...view.reports, [event.report.role]: reported(event) } }
    case 'matrix.made':
      return { matrix: event.matrix }
    case 'attempt.started':
    case 'attempt.finished':
    case 'agent.turn':
      return attempted(view, event)
    case 'agent.toolResult':
    case 'container.ended':
      return {}
    case 'model.retried':
      return { modelRetries: view.modelRetries + 1 }
    case 'verdict.given':
      return judged(view, event)
    case 'base.taken':
      return takenOnto(view, event)
    case 'session.finished':
    case 'session.resumed':
      return finished(view, event)
    case 'review.approved':
    case 'review.refused':
    case 'branch.pushing':
    case 'branch.pushed':
    case 'pullRequest.edited':
    case 'pullRequest.opened':
    case 'pullRequest.seen':
    case 'base.refused':
    case 'thread.answered':
      return published(view, event)
    default:
      return assertNever(event)
  }
}

/** An approval counts where the session is; of one that nobody goes on with there is none. */
function importedBy(event: EventOf<'session.imported'>): Change {
  const { time: at, archive, elsewhere } = event
  return elsewhere === undefined
    ? { imported: { at, archive }, approval: null }
    : { imported: { at, archive, elsewhere } }
}

function whyOf(view: SessionView, event: EventOf<'why.found'>): Change {
  const { v: _, seq: __, time: ___, type: ____, ...parts } = event
  return { why: { ...view.why, ...parts } }
}

function minimisedOf({ patch }: SessionView, event: EventOf<'patch.minimised'>): Change {
  if (event.digest !== patch?.digest) return {}
  const { unneeded, checks, complete } = event
  return { minimised: { unneeded, checks, complete } }
}

function byCodemod(view: SessionView, event: EventOf<'codemod.tried' | 'codemod.distilled'>): Change {
  if (event.type === 'codemod.distilled')
    return { costUsd: view.costUsd + event.costUsd, usage: sum(view.usage, event.usage) }
  const { title, from, result, files, detail } = event
  const more = { ...(from === undefined ? {} : { from }), ...(detail === undefined ? {} : { detail }) }
  // What was dropped leaves no run behind; the patch of the update follows.
  const reports = result === 'worse' ? { reports: common(view.reports) } : {}
  return { codemod: { title, result, files, ...more }, ...reports }
}

/** One warning a code: raised again, it is not acknowledged any more. */
function withWarning(warnings: SessionView['warnings'], warning: Warning): SessionView['warnings'] {
  return [...warnings.filter(({ code }) => code !== warning.code), { ...warning, acknowledged: false }]
}

/** A new patch voids the approval, and the warnings about files that only the former one changed. */
function patched(view: SessionView, event: EventOf<'patch.made'>): Change {
  const { baseCommit, digest, files } = event.patch
  const kept = new Set(files.map(({ path }) => path))
  const gone = new Set(view.patch?.files.map(({ path }) => path).filter((path) => !kept.has(path)))
  const warnings = view.warnings
    .filter(({ path }) => path === undefined || !gone.has(path))
    .map((warning) => ({ ...warning, acknowledged: false }))
  // A reviewer's patch is none that was checked or judged: both come after it.
  const unproven =
    event.source === 'reviewer' ? { matrix: null, verdict: null, reports: common(view.reports) } : {}
  const patch = { source: event.source, baseCommit, digest, files }
  return { patch, minimised: null, approval: null, warnings, ...unproven }
}

/** The runs that are about the session, not about one patch of the agent's or a reviewer's. */
function common({ base, update, advisory }: SessionView['reports']): SessionView['reports'] {
  return {
    ...(base === undefined ? {} : { base }),
    ...(update === undefined ? {} : { update }),
    ...(advisory === undefined ? {} : { advisory }),
  }
}

/** The earlier patch's own evidence takes the place of the later one's; its judge is not paid a second time. */
function restored({ reports, why }: SessionView, event: EventOf<'patch.restored'>): Change {
  const { source, patch, minimised, matrix, verdict } = event
  const { packages } = event
  const own = event.reports.map((run) => [run.report.role, reported(run)] as const)
  return {
    ...{ minimised, matrix, verdict, approval: null, failure: null },
    patch: { source, baseCommit: patch.baseCommit, digest: patch.digest, files: patch.files },
    reports: { ...common(reports), ...Object.fromEntries(own) },
    warnings: event.warnings.map((warning) => ({ ...warning, acknowledged: false })),
    reason: 'Waiting for review.',
    ...(packages === undefined ? {} : { why: { ...why, packages } }),
  }
}

/**
 * All at once: there is no state between the two bases that could last. The judge has seen the change, and the approval
 * is of the change; both go along. What was ticked stays ticked, and is asked for by the same codes.
 */
function takenOnto(view: SessionView, event: EventOf<'base.taken'>): Change {
  const { branch, from, to, patch, matrix, reports } = event
  const ticked = new Set(view.warnings.filter((one) => one.acknowledged).map(({ code }) => code))
  const { baseCommit, digest, files } = patch
  return {
    task: { ...view.task, repository: { ...view.task.repository, baseCommit: to } },
    patch: { source: view.patch?.source ?? 'update', baseCommit, digest, files },
    reports: Object.fromEntries(reports.map((run) => [run.report.role, reported(run)])),
    matrix,
    // Parts are counted from the lines of the former base.
    minimised: null,
    warnings: event.warnings.map((one) => ({ ...one, acknowledged: ticked.has(one.code) })),
    approval: view.approval === null ? null : { ...view.approval, digest, baseCommit },
    bases: [...(view.bases ?? []), { branch, from, to, at: event.time }],
  }
}

function attempted(
  view: SessionView,
  event: EventOf<'attempt.started' | 'attempt.finished' | 'agent.turn'>,
): Change {
  const { attempt } = event
  const found = view.attempts.find((other) => other.attempt === attempt)
  const before = found ?? { attempt, model: '', turns: 0, costUsd: 0, end: null }
  const put = (after: AttemptView) => ({
    attempts: [...view.attempts.filter((other) => other.attempt !== attempt), after],
  })
  if (event.type === 'attempt.started') {
    const { model, promptHash } = event
    return put({ ...before, model, end: null, ...(promptHash === undefined ? {} : { promptHash }) })
  }
  if (event.type === 'attempt.finished') {
    const { end, detail, account } = event
    return put({
      ...{ ...before, end },
      ...(detail === undefined ? {} : { detail }),
      ...(account === undefined ? {} : { account }),
    })
  }
  return {
    ...put({ ...before, turns: before.turns + 1, costUsd: before.costUsd + event.costUsd }),
    turns: view.turns + 1,
    costUsd: view.costUsd + event.costUsd,
    usage: sum(view.usage, event.usage),
  }
}

function judged(view: SessionView, { verdict, usage }: EventOf<'verdict.given'>): Change {
  return {
    verdict,
    costUsd: view.costUsd + verdict.costUsd,
    usage: usage === undefined ? view.usage : sum(view.usage, usage),
  }
}

function sum(a: Usage, b: Usage): Usage {
  return {
    inputTokens: a.inputTokens + b.inputTokens,
    outputTokens: a.outputTokens + b.outputTokens,
    cacheReadTokens: a.cacheReadTokens + b.cacheReadTokens,
    cacheWriteTokens: a.cacheWriteTokens + b.cacheWriteTokens,
  }
}

function finished(view: SessionView, event: EventOf<'session.finished' | 'session.resumed'>): Change {
  if (event.type === 'session.resumed') return { outcome: null, reason: null, failure: null }
  const left = event.outcome === 'interrupted' ? ('interrupted' as const) : ('cancelled' as const)
  return {
    outcome: event.outcome,
    reason: event.reason,
    failure: event.failure ?? null,
    stages: view.stages.map((stage) => (stage.status === 'running' ? { ...stage, status: left } : stage)),
  }
}
