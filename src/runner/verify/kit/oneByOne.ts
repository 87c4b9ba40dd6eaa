import { differences, type PutBackRuns } from './differences.ts'
import { type KitUnit, together } from './units.ts'

/** A unit and the runs with it put back. */
export interface Tried {
  readonly unit: KitUnit
  readonly runs: PutBackRuns
}

export interface Bounds {
  /** Runs of one unit each; what is beyond them is put back together. */
  readonly singles: number
  readonly milliseconds: number
}

/**
 * Puts each unit back by itself, the biggest first, within bounds. What the run with all of them back (`overlay`) showed
 * and no single one does counts as well, once it is seen again.
 */
export async function oneByOne(
  units: readonly KitUnit[],
  overlay: PutBackRuns,
  putBack: (unit: KitUnit, done: number, all: number) => Promise<PutBackRuns>,
  { singles, milliseconds }: Bounds,
  now: () => number,
): Promise<readonly Tried[]> {
  const ends = now() + milliseconds
  const left = [...units].sort((a, b) => b.size - a.size)
  const tried: Tried[] = []
  while (left.length > 0) {
    const isOver = tried.length >= singles || now() > ends
    const some = left.splice(0, isOver ? left.length : 1)
    const [one] = some
    const unit =
      some.length === 1 && one !== undefined
        ? one
        : together(some, `${some.length} more of the base's tests and settings, not looked at one by one,`)
    tried.push({ unit, runs: await putBack(unit, tried.length, tried.length + left.length + 1) })
  }
  const isNew = unseenIn(tried)
  if (!isNew(overlay)) return tried
  const unit = together(units, "The base's tests and settings, of which none does it alone,")
  const runs = await putBack(unit, tried.length, tried.length + 1)
  return isNew(runs) ? [...tried, { unit, runs }] : tried
}

/** Whether runs differ in a test or step that none of these does. */
function unseenIn(tried: readonly Tried[]): (runs: PutBackRuns) => boolean {
  const alone = tried.map(({ runs }) => differences(runs))
  const ids = new Set(alone.flatMap(({ tests }) => tests.map(({ id }) => id)))
  const known = new Set(alone.flatMap(({ steps }) => steps))
  return (runs) => {
    const { steps, tests } = differences(runs)
    return tests.some(({ id }) => !ids.has(id)) || steps.some((step) => !known.has(step))
  }
}
