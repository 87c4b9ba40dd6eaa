import type { SessionView } from '../sessionView.ts'
import type { StageView } from '../stageView.ts'
import type { Fact } from './tone.ts'

/** How a stage went, as its row shows it: that a check ran is not that it passed. */
export function stageFact(stage: StageView, session: Pick<SessionView, 'reports' | 'stages'>): Fact {
  const { status } = stage
  const checks = stage.checks ?? earlierChecks(stage, session)
  if (status !== 'ok') return ended[status]
  if (checks !== 'failed') return { tone: 'good', text: '' }
  const text = stage.asOnBase === true ? 'checks failed, as on the base' : 'checks failed'
  return { tone: toneOfFailed(stage), text }
}

/** What fails without any change as well, and what the agent tried out on its way, is nobody's fault. */
export function toneOfFailed({ role, asOnBase }: Pick<StageView, 'role' | 'asOnBase'>): 'warn' | 'bad' {
  return role === 'base' || role === 'advisory' || asOnBase === true ? 'warn' : 'bad'
}

/** How long a stage took, all its starts together, ms; null where nobody measured it. */
export function stageMs({ durationMs, before = [] }: StageView): number | null {
  if (durationMs === null && before.length === 0) return null
  return before.reduce((sum, one) => sum + one.durationMs, durationMs ?? 0)
}

/** What an older log, which does not say it of its stages, says of them by its reports. */
function earlierChecks(
  { name, role, attempt }: StageView,
  { reports, stages }: Pick<SessionView, 'reports' | 'stages'>,
): StageView['checks'] {
  if (name !== 'verify' || role === undefined || role === 'minimise' || role === 'reach') return undefined
  const report = reports[role]
  if (report !== undefined && report.attempt === attempt) return report.ok ? 'passed' : 'failed'
  // Another attempt is made where the checks of the one before it failed.
  const again = stages.some((one) => one.name === 'repair' && (one.attempt ?? 0) > (attempt ?? Infinity))
  return again ? 'failed' : undefined
}

const ended: Readonly<Record<Exclude<StageView['status'], 'ok'>, Fact>> = {
  running: { tone: 'busy', text: 'running' },
  failed: { tone: 'bad', text: 'failed' },
  cancelled: { tone: 'plain', text: 'cancelled' },
  interrupted: { tone: 'warn', text: 'interrupted' },
}

/** Stages in which nobody works: a slot is waited for, a person reads. */
const idle: ReadonlySet<StageView['name']> = new Set(['queue', 'review'])

/**
 * How long a session was at work, ms: what stages that ran side by side have in common counts once, and the time in
 * which a person read it, or nobody looked after it, does not count.
 */
export function workedMs({
  stages,
  updatedAt,
  outcome,
}: Pick<SessionView, 'stages' | 'updatedAt' | 'outcome'>): number {
  const spans = stages
    .filter(({ name }) => !idle.has(name))
    .flatMap(({ before = [], ...last }) => [...before.map((one) => ({ ...one, status: 'ok' })), last])
    .map(({ startedAt, durationMs, status }) => {
      const from = Date.parse(startedAt)
      const open = status === 'running' && outcome === null
      return [from, durationMs === null ? (open ? Date.parse(updatedAt) : from) : from + durationMs] as const
    })
    .toSorted(([a], [b]) => a - b)
  let sum = 0
  let reached = Number.NEGATIVE_INFINITY
  for (const [from, to] of spans) {
    sum += Math.max(0, to - Math.max(from, reached))
    reached = Math.max(reached, to)
  }
  return sum
}
