import type { TurnHead } from '../../src/contract/reviewView.ts'
import type { AttemptView, SessionView } from '../../src/contract/sessionView.ts'
import { stageId } from '../../src/contract/stageTitle.ts'
import type { StageView } from '../../src/contract/stageView.ts'

export type TimelineRow =
  | {
      readonly kind: 'stage'
      readonly key: string
      readonly stage: StageView
      readonly attempt?: AttemptView
    }
  | { readonly kind: 'turn'; readonly key: string; readonly turn: TurnHead }

/** Stages in the order they began, each attempt's turns below its repair. */
export function timelineRows(
  { stages, attempts }: Pick<SessionView, 'stages' | 'attempts'>,
  turns: readonly TurnHead[],
): readonly TimelineRow[] {
  const left = new Map<number, TurnHead[]>()
  for (const turn of turns) {
    if (turn === undefined) continue // its batch is on its way
    const of = left.get(turn.attempt)
    if (of === undefined) left.set(turn.attempt, [turn])
    else of.push(turn)
  }
  const rows: TimelineRow[] = []
  for (const stage of stages) {
    const attempt =
      stage.name === 'repair' ? attempts.find((other) => other.attempt === stage.attempt) : undefined
    const key = stageId({ stage: stage.name, role: stage.role, attempt: stage.attempt })
    rows.push({ kind: 'stage', key, stage, ...(attempt === undefined ? {} : { attempt }) })
    if (stage.name !== 'repair' || stage.attempt === undefined) continue
    rows.push(...(left.get(stage.attempt) ?? []).map(turnRow))
    left.delete(stage.attempt)
  }
  return [...rows, ...[...left.values()].flat().map(turnRow)]
}

function turnRow(turn: TurnHead): TimelineRow {
  return { kind: 'turn', key: `turn/${turn.index}`, turn }
}
