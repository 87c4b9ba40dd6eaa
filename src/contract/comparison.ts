import { badges, proofLine, standing } from './proof.ts'
import type { SessionView } from './sessionView.ts'
import { factsOf } from './statistics/facts.ts'
import { amount, took, usd } from './statistics/words.ts'

/** One thing that two runs of a task are compared by. */
export interface ComparedRow {
  readonly what: string
  readonly before: string
  readonly after: string
  readonly same: boolean
}

/** Two runs of one task from one base, side by side; the checks of both are the same clean room's. */
export function comparison(before: SessionView, after: SessionView): readonly ComparedRow[] {
  return cells.map(([what, cell]) => {
    const [left, right] = [cell(before), cell(after)]
    return { what, before: left, after: right, same: left === right }
  })
}

const cells: readonly (readonly [string, (view: SessionView) => string])[] = [
  ['outcome', ({ outcome }) => outcome ?? 'running'],
  ['checks', checks],
  ['what they show', ({ matrix }) => (matrix === null ? '' : proofLine(matrix))],
  ['tests repaired', label('repaired')],
  ['tests broken', label('broken')],
  ['tests regressed', label('regressed')],
  ['version', ({ from, to }) => (from === null ? '' : `${from} → ${to ?? '?'}`)],
  [
    'model',
    ({ attempts }) => [...new Set(attempts.map(({ model }) => model))].join(', ') || 'no agent asked',
  ],
  ["agent's templates", ({ attempts }) => attempts.at(-1)?.promptHash?.slice(0, 12) ?? 'not recorded'],
  ['attempts', ({ attempts }) => String(attempts.length)],
  ['turns', ({ turns }) => String(turns)],
  ['tokens', (view) => amount(factsOf(view).tokens)],
  ['cost', ({ costUsd }) => usd(costUsd)],
  ['time', (view) => took(factsOf(view).workMs)],
  ['files changed', ({ patch }) => String(patch?.files.length ?? 0)],
  ['lines', lines],
  [
    'warnings to look at',
    ({ warnings }) => String(warnings.filter(({ severity }) => severity === 'acknowledge').length),
  ],
  ['judge', ({ verdict }) => verdict?.decision ?? 'not asked'],
  ['judge model', ({ verdict }) => verdict?.model ?? ''],
]

function checks({ matrix }: SessionView): string {
  return matrix === null ? 'none' : badges[standing(matrix)]
}

function label(name: 'repaired' | 'broken' | 'regressed'): (view: SessionView) => string {
  return ({ matrix }) => String(matrix?.counts[name] ?? 0)
}

function lines({ patch }: SessionView): string {
  const files = patch?.files ?? []
  const of = (side: 'additions' | 'deletions') => files.reduce((sum, file) => sum + file[side], 0)
  return `+${of('additions')} -${of('deletions')}`
}
