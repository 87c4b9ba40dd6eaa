import { type Share, shareOf } from '../../contract/statistics/interval.ts'
import type { CaseResult } from './result.ts'
import type { RepairSet } from './set.ts'

export interface GroupScore {
  readonly cases: number
  /** Cases of this program, model and templates that have a result. */
  readonly run: number
  /** Of the cases in which an agent was asked, as each case is judged. */
  readonly repaired: Share
  readonly byEveryCheck: Share
  readonly byBuildAlone: Share
  /** By tests that passed before and ran again. */
  readonly byTests: Share
  /** Repaired by the checks, and refused by the judge all the same. */
  readonly vetoed: number
  /** Of the cases whose truth is known; null where it is of none. */
  readonly falseGreen: Share | null
  readonly falseRed: Share | null
  readonly costUsd: number
  readonly seconds: number
}

export interface RepairScore extends GroupScore {
  readonly title: string
  readonly ends: Readonly<Record<CaseResult['end'], number>>
  readonly byClass: Readonly<Record<string, GroupScore>>
}

export function scoreRepairs(set: RepairSet, results: readonly CaseResult[]): RepairScore {
  const known = new Set(set.cases.map(({ id }) => id))
  const own = results.filter(({ id }) => known.has(id))
  const classes = [...new Set(own.map((one) => one.class))].toSorted()
  const end = (name: CaseResult['end']) => own.filter((one) => one.end === name).length
  return {
    title: set.title,
    ...groupScore(own, set.cases.length),
    ends: {
      repaired: end('repaired'),
      'not repaired': end('not repaired'),
      'nothing broke': end('nothing broke'),
      stopped: end('stopped'),
      absent: end('absent'),
    },
    byClass: Object.fromEntries(
      classes.map((name) => {
        const group = own.filter((one) => one.class === name)
        return [name, groupScore(group, group.length)]
      }),
    ),
  }
}

function groupScore(group: readonly CaseResult[], cases: number): GroupScore {
  const asked = group.filter(({ attempts }) => attempts > 0)
  const checked = asked.filter(({ byChecks }) => byChecks !== null)
  const built = asked.filter(({ byBuild }) => byBuild !== null)
  const tested = asked.filter(({ byTests }) => byTests !== null && byTests !== undefined)
  const known = asked.filter(({ truth }) => truth !== null)
  const wrong = (name: CaseResult['truth']) =>
    known.length === 0 ? null : shareOf(known.filter(({ truth }) => truth === name).length, known.length)
  return {
    cases,
    run: group.filter(({ end }) => end !== 'absent').length,
    repaired: shareOf(asked.filter(({ end }) => end === 'repaired').length, asked.length),
    byEveryCheck: shareOf(checked.filter(({ byChecks }) => byChecks === true).length, checked.length),
    byBuildAlone: shareOf(built.filter(({ byBuild }) => byBuild === true).length, built.length),
    byTests: shareOf(tested.filter(({ byTests }) => byTests === true).length, tested.length),
    vetoed: asked.filter(({ end, vetoed }) => end === 'repaired' && vetoed).length,
    falseGreen: wrong('false green'),
    falseRed: wrong('false red'),
    costUsd: group.reduce((sum, one) => sum + one.costUsd, 0),
    seconds: group.reduce((sum, one) => sum + one.seconds, 0),
  }
}
