import { failures } from '../../contract/failures.ts'
import { type MountSupport, mountSupport } from './overlaySupport.ts'
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
  warm(context: WorkspaceContext, onProgress: (message: string) => void): void
  /** Prepares the next one where the last was taken; at once, or after so many milliseconds. */
  refill(delayMs?: number): void
  take(sealed: SealedWorkspace): Promise<Workspace>
  /** Waits for what is under way. */
  settle(): Promise<void>
}

interface Ready {
  readonly pageBytes: number
  readonly spare?: Spare
}

const copies =
  'This engine mounts no overlay volumes of ours, as rootless ones: each workspace is a copy, which takes longer'

export function createWorkspacePool(): WorkspacePool {
  let context: WorkspaceContext | undefined
  let next: Promise<Ready> | undefined
  let support: Promise<MountSupport> | undefined
  let say: (message: string) => void = () => undefined
  let closed = false
  let timer: NodeJS.Timeout | undefined

  const prepare = async (using: WorkspaceContext): Promise<Ready> => {
    support ??= mountSupport(using).then((found) => {
      if (!found.overlay) say(copies)
      return found
    })
    const { overlay, pageBytes } = await support
    return { pageBytes, ...(overlay && { spare: await createSpare({ ...using, pageBytes }) }) }
  }
  const refill = () => {
    if (next || !context || closed) return
    next = prepare(context)
    // Seen by whoever takes it; a spare nobody takes may fail in silence.
    next.catch(() => undefined)
  }
  return {
    warm(using, onProgress) {
      context ??= using
      say = onProgress
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
      if (!ready) throw failures.internal('a workspace was asked for after the end')
      const { spare, pageBytes } = await ready
      return spare
        ? overlayWorkspace(context, sealed, spare)
        : copiedWorkspace({ ...context, pageBytes }, sealed)
    },
    async settle() {
      closed = true
      clearTimeout(timer)
      await next?.catch(() => undefined)
    },
  }
}
