import type { Event, EventBody } from './events.ts'
import type { Report } from './report.ts'
import { reduce, type SessionView } from './sessionView.ts'

type EventOf<Type extends EventBody['type']> = Extract<EventBody, { type: Type }>

/** The patches that a session's reviewer saw, each made from the one before it, as the events that bring them back. */
export interface ReviewTrail {
  readonly seen: readonly EventOf<'patch.restored'>[]
  /** Of the runs that checked the latest patch. */
  readonly reports: EventOf<'patch.restored'>['reports']
}

export const noTrail: ReviewTrail = { seen: [], reports: [] }

const ofPatch: ReadonlySet<Report['role']> = new Set(['repair', 'overlay', 'dropped'])

/** The trail after one more event; `view` is the session after it. */
export function followTrail({ seen, reports }: ReviewTrail, view: SessionView, event: Event): ReviewTrail {
  switch (event.type) {
    case 'patch.made':
      // What a reviewer left of a patch is checked by runs of its own.
      return { seen, reports: event.source === 'reviewer' ? [] : reports }
    case 'report.made': {
      const { attempt, report } = event
      if (!ofPatch.has(report.role)) return { seen, reports }
      const run = { ...(attempt === undefined ? {} : { attempt }), report }
      return { seen, reports: [...reports.filter((other) => other.report.role !== report.role), run] }
    }
    case 'session.finished':
      return { seen: event.outcome === 'awaiting-review' ? withLatest(seen, view, reports) : seen, reports }
    case 'base.taken': {
      // Earlier patches are of another base: none of them comes back.
      const own = event.reports.filter(({ report }) => ofPatch.has(report.role))
      return { seen: withLatest([], view, own), reports: own }
    }
    case 'patch.restored':
      return { seen: withLatest(seen, view, event.reports), reports: event.reports }
    default:
      return { seen, reports }
  }
}

function withLatest(
  seen: ReviewTrail['seen'],
  view: SessionView,
  reports: ReviewTrail['reports'],
): ReviewTrail['seen'] {
  if (view.patch === null) return seen
  const { source, ...patch } = view.patch
  const { minimised, matrix, verdict, why } = view
  const packages = why?.packages === undefined ? {} : { packages: why.packages }
  const warnings = view.warnings.map(({ acknowledged: _, ...warning }) => warning)
  const before = seen.findIndex((other) => other.patch.digest === patch.digest)
  return [
    ...(before === -1 ? seen : seen.slice(0, before)),
    {
      type: 'patch.restored',
      source,
      patch,
      minimised,
      reports: [...reports],
      matrix,
      verdict,
      warnings,
      ...packages,
    },
  ]
}

/** Brings back the patch that the one on show was made from by leaving parts out; undefined where there is none. */
export function restoring(
  { seen }: ReviewTrail,
  { patch, dropping }: SessionView,
): EventOf<'patch.restored'> | undefined {
  // A drop that never came to its end: the patch is whole still, and is kept so.
  if (dropping !== undefined) return seen.findLast((other) => other.patch.digest === patch?.digest)
  if (patch?.source !== 'reviewer') return undefined
  return seen.findLast((other) => other.patch.digest !== patch.digest)
}

/** Folds a whole log. */
export function reviewTrail(events: Iterable<Event>): ReviewTrail {
  let trail = noTrail
  let view: SessionView | undefined
  for (const event of events) {
    view = reduce(view, event)
    trail = followTrail(trail, view, event)
  }
  return trail
}
