import { AsyncLocalStorage } from 'node:async_hooks'
import type { StageKey } from '../contract/stageTitle.ts'
import type { Emit } from '../store/emit.ts'

/** Tells how far a stage is; `done` and `total` in a unit of the stage's own. */
export type Progress = (message: string, done?: number, total?: number) => void

/** What is said of a stage at its end. */
export interface StageDetail {
  /** Its work came to an end, and to nothing. */
  readonly failed?: true
  readonly cached?: boolean
  readonly detail?: string
  readonly checks?: 'passed' | 'failed'
  readonly asOnBase?: true
}

export interface StageContext {
  readonly emit: Emit
  readonly signal: AbortSignal
}

const running = new AsyncLocalStorage<StageKey>()

/** The stage whose work this is, of those that go on side by side. */
export function currentStage(): StageKey | undefined {
  return running.getStore()
}

/** Runs one stage between its two events; the second one comes on every way out. */
export async function stage<T>(
  { emit, signal }: StageContext,
  key: StageKey,
  work: (progress: Progress) => Promise<T>,
  describe: (value: T) => StageDetail = () => ({}),
): Promise<T> {
  const named = {
    stage: key.stage,
    ...(key.role === undefined ? {} : { role: key.role }),
    ...(key.attempt === undefined ? {} : { attempt: key.attempt }),
  }
  const started = performance.now()
  const finish = (status: 'ok' | 'failed' | 'cancelled', more: StageDetail = {}): void =>
    emit({ type: 'stage.finished', ...named, status, durationMs: performance.now() - started, ...more })
  signal.throwIfAborted()
  emit({ type: 'stage.started', ...named })
  try {
    const progress: Progress = (message, done, total) =>
      emit({
        type: 'stage.progress',
        ...named,
        message,
        ...(done === undefined ? {} : { done }),
        ...(total === undefined ? {} : { total }),
      })
    const value = await running.run(key, () => work(progress))
    const { failed, ...more } = describe(value)
    finish(failed === true ? 'failed' : 'ok', more)
    return value
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error)
    finish(signal.aborted ? 'cancelled' : 'failed', { detail })
    throw error
  }
}
