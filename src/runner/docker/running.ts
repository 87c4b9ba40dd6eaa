import type Docker from 'dockerode'
import { isMissing, statusOf } from './labels.ts'

/** Why Drydock ended a container itself; the first reason counts. */
export type Ending = 'timed-out' | 'cancelled' | 'disk-full' | 'unwatched' | 'removed'

export interface Running {
  readonly container: Docker.Container
  /** Removes the container; the reason shows in its exit. */
  readonly end: (ending: Ending) => Promise<void>
  readonly ending: () => Ending | undefined
  /** Processes killed for want of memory, as last seen. */
  outOfMemoryKills: number
}

export function asRunning(container: Docker.Container): Running {
  let ending: Ending | undefined
  let removal: Promise<void> | undefined
  const end = (reason: Ending) => {
    ending ??= reason
    removal ??= removeContainer(container)
    return removal
  }
  return { container, end, ending: () => ending, outOfMemoryKills: 0 }
}

/** Removes a container whatever it does; one that is gone already is fine. */
export async function removeContainer(container: Docker.Container): Promise<void> {
  try {
    await container.remove({ force: true, v: true })
  } catch (error) {
    // 409: a removal is already under way.
    if (!isMissing(error) && statusOf(error) !== 409) throw error
  }
}

/** The engine's word on a container whose PID 1 ended. */
export async function wasOutOfMemory(container: Docker.Container): Promise<boolean> {
  try {
    return (await container.inspect()).State.OOMKilled
  } catch {
    return false
  }
}
