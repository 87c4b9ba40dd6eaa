import type { EventBody } from '../contract/events.ts'
import { reduce, type SessionView } from '../contract/sessionView.ts'
import { stageTitle } from '../contract/stageTitle.ts'
import type { Task } from '../contract/task.ts'
import type { Warning } from '../contract/verdict.ts'
import type { HeldSession } from '../store/session.ts'
import type { CommandContext } from './commands/context.ts'
import type { Maker } from './pipeline/candidate.ts'
import { checkOnto, type OnBase } from './pipeline.ts'
import { againstCarrying } from './publish/carry.ts'
import { type Gate, type Moved, refused } from './publish/newBase.ts'
import { type Ends, inSlot, work } from './session.ts'

/**
 * What stands between an approved change and a base that has moved: the three runs on that base, in this session's own
 * sandbox and without a model. The log gets what they came to as one event, or why the change is not brought onto it.
 */
export function gateOf(
  context: CommandContext,
  held: HeldSession,
  ends: Ends,
  progress: (message: string) => void,
): Gate {
  return async (moved) => {
    const { log } = held
    const view = held.view()
    const heard = listening(taskOn(view, moved), `on ${moved.to.slice(0, 12)}`, progress)
    const emit = (event: EventBody): void => {
      if (event.type === 'container.ended') log.emit(event)
      else heard.take(event)
    }
    const aside = { ...held, task: taskOn(view, moved), log: { ...log, emit } }
    const found = await inSlot(context, aside, ends.signal, () =>
      work(context, aside, ends, {}, (run) => checkOnto(run, moved.patch, makerOf(view))),
    )
    const refuse = { view, emit: log.emit }
    if (found === undefined) throw refused(refuse, moved, 'nothing-left', [])
    const { objections, matrix, warnings: ofChecks } = found.candidate
    const warnings = unique([...heard.warnings(), ...ofChecks])
    const against = againstCarrying(view, { matrix, objections, warnings })
    if (against !== undefined) throw refused(refuse, moved, against.kind, against.reasons)
    await taken(held, moved, found, { reports: heard.reports(), warnings })
    return held.view()
  }
}

/** The same task on the new base; the version that was approved, whatever is the latest by now. */
function taskOn({ task, to }: SessionView, moved: Moved): Task {
  const repository = { ...task.repository, baseCommit: moved.to }
  if (task.kind !== 'dependency-update') return { ...task, repository }
  return { ...task, repository, requested: to ?? task.requested }
}

/** Whose change it is stays what it was. */
function makerOf({ patch, attempts }: SessionView): Maker {
  if (patch?.source === 'reviewer') return { role: 'dropped' }
  return { role: 'repair', attempt: attempts.at(-1)?.attempt ?? 1 }
}

type Run = Extract<EventBody, { type: 'base.taken' }>['reports'][number]

/** Keeps what the checks tell, so that the log has all of it at once or nothing. */
function listening(task: Task, where: string, progress: (message: string) => void) {
  const stamp = { v: 1 as const, seq: 1, time: new Date(0).toISOString() }
  let view = reduce(undefined, { ...stamp, type: 'session.created', task, runner: 'drydock' })
  const reports = new Map<string, Run>()
  return {
    take: (event: EventBody): void => {
      if (event.type === 'stage.started') progress(`${where}: ${stageTitle(event)}`)
      else if (event.type === 'stage.progress') progress(`${where}: ${stageTitle(event)}: ${event.message}`)
      else if (event.type === 'report.made') {
        const { attempt, report } = event
        reports.set(report.role, { ...(attempt === undefined ? {} : { attempt }), report })
      } else if (event.type === 'warning.raised') view = reduce(view, { ...stamp, ...event })
    },
    reports: (): readonly Run[] => [...reports.values()].filter(({ report }) => report.role !== 'advisory'),
    warnings: (): readonly Warning[] => view.warnings.map(({ acknowledged: _, ...warning }) => warning),
  }
}

/** One a code; the last word counts. */
function unique(warnings: readonly Warning[]): readonly Warning[] {
  return [...new Map(warnings.map((warning) => [warning.code, warning])).values()]
}

async function taken(
  { log }: HeldSession,
  { branch, from, to }: Moved,
  { candidate, baseTree, update }: OnBase,
  { reports, warnings }: { readonly reports: readonly Run[]; readonly warnings: readonly Warning[] },
): Promise<void> {
  const reference = async ({ text, ...rest }: OnBase['candidate']['patch']) => {
    await log.artifacts.put(text)
    return rest
  }
  log.emit({
    type: 'base.taken',
    ...{ branch, from, to, tree: baseTree, matrix: candidate.matrix },
    patch: await reference(candidate.patch),
    ...(update === undefined ? {} : { update: await reference(update) }),
    reports: [...reports],
    warnings: [...warnings],
  })
}
