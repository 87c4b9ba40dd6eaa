import { setTimeout as delay } from 'node:timers/promises'
import type Docker from 'dockerode'
import pRetry from 'p-retry'
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
  /** Commands that are being created or have not ended. */
  readonly execs: Set<Promise<Docker.Exec>>
  /** While Drydock itself holds it still: until then no command begins. */
  held: Promise<unknown> | undefined
}

export function asRunning(container: Docker.Container): Running {
  let ending: Ending | undefined
  let removal: Promise<void> | undefined
  const end = (reason: Ending) => {
    ending ??= reason
    removal ??= removeContainer(container)
    return removal
  }
  return { container, end, ending: () => ending, outOfMemoryKills: 0, execs: new Set(), held: undefined }
}

const looks = 600
const lookMs = 50

/**
 * Does something while the container's processes do not run, and no command is on its way to them: one that begins in a
 * container that is held still keeps the engine from ever ending that.
 */
export async function heldStill<T>(running: Running, work: () => Promise<T>): Promise<T> {
  const { container, execs } = running
  const holding = Promise.all([...execs].map((created) => begun(running, created)))
    .then(() => pause(container))
    .then(work)
    .finally(() => container.unpause().catch(() => undefined))
  const free = () => {
    running.held = undefined
  }
  running.held = holding.then(free, free)
  return await holding
}

/**
 * Holds a container still. A busy machine is refused it by chance: the runtime gives up within milliseconds where a
 * process begins just then, and leaves it to whoever asked to ask again.
 */
export async function pause(container: Docker.Container): Promise<void> {
  await pRetry(() => container.pause(), {
    retries: 8,
    minTimeout: 50,
    maxTimeout: 1000,
    shouldRetry: ({ error }) => /unable to freeze/.test(error.message),
  })
}

/** The engine answers before a command runs: it does once it has a process, or has had one. */
async function begun({ execs }: Running, created: Promise<Docker.Exec>): Promise<void> {
  const exec = await created.catch(() => undefined)
  for (let look = 0; exec !== undefined && look < looks && execs.has(created); look += 1) {
    const { Pid, ExitCode } = await exec.inspect()
    if (Pid > 0 || ExitCode !== null) return
    await delay(lookMs)
  }
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
