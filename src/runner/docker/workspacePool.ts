import { failures } from '../../contract/failures.ts'
import { overlaySupport } from './overlaySupport.ts'
import type { SealedWorkspace, Workspace } from './sandbox.ts'
import {
  copiedWorkspace,
  createSpare,
  overlayWorkspace,
  type Spare,
  type WorkspaceContext,
} from './workspaces.ts'

/** Keeps one upper layer ready, so that a workspace costs no more than the container on it. */
export interface WorkspacePool {
  /** Starts preparing in the background, once an image is there. */
  warm(context: WorkspaceContext): void
  /** Prepares the next one where the last was taken; at once, or after so many milliseconds. */
  refill(delayMs?: number): void
  take(sealed: SealedWorkspace): Promise<Workspace>
  /** Waits for what is under way. */
  settle(): Promise<void>
}

interface Ready {
  readonly overlay: boolean
  readonly spare?: Spare
}

export function createWorkspacePool(): WorkspacePool {
  let context: WorkspaceContext | undefined
  let next: Promise<Ready> | undefined
  let overlay: Promise<boolean> | undefined
  let closed = false
  let timer: NodeJS.Timeout | undefined

  const prepare = async (using: WorkspaceContext): Promise<Ready> => {
    overlay ??= overlaySupport(using)
    if (!(await overlay)) return { overlay: false }
    return { overlay: true, spare: await createSpare(using) }
  }
  const refill = () => {
    if (next || !context || closed) return
    next = prepare(context)
    // Seen by whoever takes it; a spare nobody takes may fail in silence.
    next.catch(() => undefined)
  }
  return {
    warm(using) {
      context ??= using
      refill()
    },
    refill(delayMs) {
      if (delayMs === undefined) return refill()
      clearTimeout(timer)
      timer = setTimeout(refill, delayMs).unref()
    },
    async take(sealed) {
      if (!context) throw failures.internal('a workspace was asked for before any image')
      refill()
      const ready = next
      next = undefined
      const { spare } = (await ready) ?? {}
      return spare ? overlayWorkspace(context, sealed, spare) : copiedWorkspace(context, sealed)
    },
    async settle() {
      closed = true
      clearTimeout(timer)
      await next?.catch(() => undefined)
    },
  }
}
