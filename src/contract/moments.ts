import { z } from 'zod'
import { codemodLine } from './codemod.ts'
import { type Event, Outcome, PatchSource } from './events.ts'
import { PatchFile, Sha256 } from './patch.ts'
import { makers } from './patchMakers.ts'
import { Label } from './report.ts'
import type { SessionView } from './sessionView.ts'
import { stageTitle } from './stageTitle.ts'
import { outcomeWord } from './states/words.ts'

/** What a session was after one of its events: as far as a person asks about the past. Costs are US dollars. */
export const Moment = z.strictObject({
  seq: z.int().positive(),
  time: z.iso.datetime(),
  /** What happened, in a line. */
  what: z.string().max(300),
  costUsd: z.number().nonnegative(),
  turns: z.int().nonnegative(),
  /** What was known of the tests; empty before any run. */
  tests: z.string().max(400),
  /** The patch of that moment; null before there was one. */
  patch: Sha256.nullable(),
  outcome: Outcome.nullable(),
})
export type Moment = z.infer<typeof Moment>

/** A patch that the session had at some time. */
export const PastPatch = z.strictObject({ digest: Sha256, source: PatchSource, files: z.array(PatchFile) })
export type PastPatch = z.infer<typeof PastPatch>

/** The moment after an event, given the view after it; undefined where nothing changed that the past is asked about. */
export function momentAfter(view: SessionView, event: Event): Moment | undefined {
  const what = whatHappened(event)
  if (what === undefined) return undefined
  const { costUsd, turns, patch, outcome } = view
  const common = { seq: event.seq, time: event.time, what: what.slice(0, 300) }
  return { ...common, costUsd, turns, tests: testsOf(view), patch: patch?.digest ?? null, outcome }
}

const judged = {
  approve: 'The judge approves',
  veto: 'The judge vetoes',
  'not-judged': 'It is not judged',
} as const

function whatHappened(event: Event): string | undefined {
  switch (event.type) {
    case 'session.created':
      return 'The session begins'
    case 'stage.finished': {
      const how = {
        ok: event.cached === true ? 'from the cache' : 'done',
        failed: 'failed',
        cancelled: 'cancelled',
      }
      return `${stageTitle(event)}: ${how[event.status]}`
    }
    case 'update.planned':
      return `The update is written: ${event.from} → ${event.to}`
    case 'agent.turn': {
      const tools = event.toolCalls.map(({ name }) => name).join(', ')
      return `Attempt ${event.attempt}, turn ${event.turn}${tools === '' ? '' : `: ${tools}`}`
    }
    case 'patch.made':
      return `A patch by ${makers[event.source]}`
    case 'codemod.tried':
      return `The codemod: ${codemodLine(event)}`
    case 'codemod.distilled':
      return `The repair of session ${event.from} is distilled: ${event.title ?? 'no answer that fits'}`
    case 'patch.restored':
      return 'Dropped parts are taken back'
    case 'base.taken':
      return `Verified again on ${event.to.slice(0, 12)}, which ${event.branch} has moved to`
    case 'base.refused':
      return `Not brought onto ${event.to.slice(0, 12)}, which ${event.branch} has moved to`
    case 'matrix.made':
      return 'The runs are compared'
    case 'verdict.given':
      return judged[event.verdict.decision]
    case 'session.finished':
      return event.outcome === 'awaiting-review'
        ? 'It waits for you'
        : `It ends: ${outcomeWord(event.outcome)}`
    case 'review.approved':
      return 'A person approves'
    case 'review.refused':
      return `Not taken: the word of ${event.by}: ${event.reason}`
    case 'branch.pushed':
      return `Pushed to ${event.branch}`
    case 'pullRequest.opened':
      return 'The pull request is opened'
    case 'thread.answered':
      return 'A thread of its review is answered'
    default:
      return undefined
  }
}

/** By label where runs were compared, else of the last run. */
function testsOf({ matrix, reports }: SessionView): string {
  if (matrix !== null) {
    const counts = Label.options.filter((label) => (matrix.counts[label] ?? 0) > 0)
    return counts.length === 0
      ? 'no test by name'
      : counts.map((label) => `${matrix.counts[label]} ${label}`).join(', ')
  }
  const [name, report] =
    reports.update === undefined
      ? (['as it is', reports.base] as const)
      : (['with the update', reports.update] as const)
  if (report === undefined) return ''
  if (!report.testsNamed) return `${name}: ${report.ok ? 'all commands passed' : 'commands failed'}`
  return `${name}: ${report.tests.passed} passed, ${report.tests.failed} failed`
}
