import type { CodemodResult } from '../codemod.ts'
import { Outcome, type StageName } from '../events.ts'
import { type Standing, standing } from '../proof.ts'
import type { SessionView } from '../sessionView.ts'
import { type Lack, lackOf, ofLack } from '../states/ended.ts'
import { stageMs, workedMs } from '../states/stages.ts'

/** Outcomes as statistics count them: one that ended for want of a model is no failure of a check or a set-up. */
export const countedOutcomes = [...Outcome.options, 'open', ...Object.values(ofLack)] as const
export type CountedOutcome = (typeof countedOutcomes)[number]

/** What statistics need of one session: little enough to keep ten thousands. Times are UTC, costs US dollars. */
export interface SessionFacts {
  readonly id: string
  readonly title: string
  readonly createdAt: string
  readonly kind: 'dependency-update' | 'refactor' | 'migration'
  readonly ecosystem: string | null
  readonly package: string | null
  /** Last part of the repository's path. */
  readonly repository: string
  /** Of the last attempt; null where no agent was asked. */
  readonly model: string | null
  /** Digest of the agent's templates; null where no agent was asked, or the log is older than the field. */
  readonly prompt: string | null
  /** Null while it has none. */
  readonly outcome: Outcome | null
  /** What of a model it ended for want of; null where it did not. */
  readonly lacks: Lack | null
  readonly standing: Standing | null
  readonly attempts: number
  /** The attempt whose patch passed the checks; null where none did. */
  readonly repairedBy: number | null
  /** What came of a codemod that was tried before any agent; null where none was. */
  readonly codemod: CodemodResult | null
  readonly turns: number
  readonly tokens: number
  readonly costUsd: number
  /** In which a stage was at work; waiting for a slot or a person is none. */
  readonly workMs: number
  readonly stageMs: Readonly<Partial<Record<StageName, number>>>
  /** Stages that can be answered from a cache, and those that were. */
  readonly cacheable: number
  readonly cached: number
  readonly verdict: 'approve' | 'veto' | 'not-judged' | null
  readonly approved: boolean
  readonly pullRequest: boolean
  readonly tests: number
  readonly flaky: number
  /** Warnings that a person must look at, and those that were ticked as nothing. */
  readonly alarms: number
  readonly ticked: number
  /** The ended session that a person had tried again. */
  readonly retryOf: string | null
  /** The session that this one repeats for comparison; it says nothing about how updates go. */
  readonly rerunOf: string | null
  /** It ran on another machine, and counts there. */
  readonly imported: boolean
}

export function countedOutcome({ outcome, lacks }: SessionFacts): CountedOutcome {
  return lacks === null ? (outcome ?? 'open') : ofLack[lacks]
}

/** What statistics keep of a session's view. */
export function factsOf(view: SessionView): SessionFacts {
  const { task, attempts, verdict } = view
  const update = task.kind === 'dependency-update' ? task : undefined
  const last = attempts.at(-1)
  return {
    ...{ id: view.id, title: titleOf(view), createdAt: view.createdAt, kind: task.kind },
    ...{ ecosystem: update?.ecosystem ?? null, package: update?.package ?? null },
    repository: task.repository.root.split(/[\\/]/).findLast((part) => part !== '') ?? '',
    ...{ model: last?.model ?? null, prompt: last?.promptHash ?? null },
    ...{ outcome: view.outcome, lacks: lackOf(view) ?? null },
    ...{ standing: view.matrix === null ? null : standing(view.matrix) },
    ...{ attempts: attempts.length, repairedBy: repairedBy(view), turns: view.turns },
    codemod: view.codemod?.result ?? null,
    ...{ tokens: Object.values(view.usage).reduce((sum, count) => sum + count, 0), costUsd: view.costUsd },
    ...timesOf(view),
    ...{ verdict: verdict?.decision ?? null, approved: view.approval !== null },
    pullRequest: view.pullRequest !== null,
    ...testsOf(view),
    ...alarmsOf(view),
    retryOf: task.retry?.of ?? null,
    ...{ rerunOf: task.rerun?.of ?? null, imported: view.imported !== undefined },
  }
}

function titleOf({ task, from, to }: SessionView): string {
  if (task.kind !== 'dependency-update') return task.title
  return from === null || to === null
    ? `${task.package} to ${task.requested}`
    : `${task.package} ${from} → ${to}`
}

/** The last attempt, where what it left is green; a later patch of a reviewer's rests on it as well. */
function repairedBy({ attempts, matrix, patch }: SessionView): number | null {
  if (matrix === null || patch === null || patch.source === 'update') return null
  const green = ['tests', 'steps'].includes(standing(matrix))
  return green ? (attempts.at(-1)?.attempt ?? null) : null
}

type Times = Pick<SessionFacts, 'workMs' | 'stageMs' | 'cacheable' | 'cached'>

function timesOf(view: SessionView): Times {
  const took: Partial<Record<StageName, number>> = {}
  let [cacheable, cached] = [0, 0]
  for (const stage of view.stages) {
    const { name, role, durationMs, cached: hit } = stage
    took[name] = (took[name] ?? 0) + (stageMs(stage) ?? 0)
    if (durationMs === null || (name !== 'prepare' && !(name === 'verify' && role === 'base'))) continue
    cacheable += 1
    if (hit) cached += 1
  }
  return { workMs: workedMs(view), stageMs: took, cacheable, cached }
}

function testsOf({ matrix }: SessionView): Pick<SessionFacts, 'tests' | 'flaky'> {
  const counts = Object.values(matrix?.counts ?? {})
  return { tests: counts.reduce((sum, count) => sum + count, 0), flaky: matrix?.counts.flaky ?? 0 }
}

/** A warning counts as a false alarm where a person ticked it and approved. */
function alarmsOf({ warnings, approval }: SessionView): Pick<SessionFacts, 'alarms' | 'ticked'> {
  const alarms = warnings.filter(({ severity }) => severity === 'acknowledge')
  const ticked = approval === null ? [] : alarms.filter(({ acknowledged }) => acknowledged)
  return { alarms: alarms.length, ticked: ticked.length }
}
