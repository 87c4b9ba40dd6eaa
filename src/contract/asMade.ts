import type { Event } from './events.ts'

type Taken = Extract<Event, { type: 'base.taken' }>

/** A log in which what was found on a new base stands as if it had been found one by one, for who looks for the latest. */
export function asMade(events: readonly Event[]): readonly Event[] {
  return events.flatMap((event) => (event.type === 'base.taken' ? partsOf(event) : [event]))
}

function partsOf(event: Taken): readonly Event[] {
  const { v, seq, time, tree, to, update, reports, matrix, warnings } = event
  const stamp = { v, seq, time }
  return [
    event,
    { ...stamp, type: 'snapshot.packaged', commit: to, tree, files: 0, bytes: 0, excluded: [] },
    ...warnings.map((warning): Event => ({ ...stamp, type: 'warning.raised', warning })),
    ...(update === undefined
      ? []
      : [{ ...stamp, type: 'patch.made' as const, source: 'update' as const, patch: update }]),
    ...reports.map((run): Event => ({ ...stamp, type: 'report.made', ...run })),
    { ...stamp, type: 'matrix.made', matrix },
  ]
}
