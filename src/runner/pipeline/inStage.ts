import type { StageKey } from '../../contract/stageTitle.ts'
import type { Run } from '../run.ts'
import { type Progress, type StageDetail, stage } from '../stage.ts'

/** Runs one stage with the run's log and signal. */
export function inStage<T>(
  run: Run,
  key: StageKey,
  work: (progress: Progress) => Promise<T>,
  describe?: (value: T) => StageDetail,
): Promise<T> {
  return stage({ emit: run.log.emit, signal: run.signal }, key, work, describe)
}
