import { setTimeout as delay } from 'node:timers/promises'
import type Docker from 'dockerode'
import { workspacePath } from '../../contract/workspace.ts'
import type { SandboxLimits } from './containerOptions.ts'
import { streamExec } from './exec.ts'
import { heldStill, type Running } from './running.ts'
import type { Exit } from './sandbox.ts'

/**
 * A volume that is being prepared lies on the engine's disk, which knows no limit: so the disk's
 * free space is watched, and a container that eats more than this multiple of the workspace's
 * limits is ended. It stops archive bombs; a workspace with a hard limit is a memory mount.
 */
export const PREPARED_FACTOR = 4
const MEGABYTE = 1024 * 1024
const DAY_MS = 86_400_000
const GRACE_MS = 5_000
/** Times that a watchdog is started in one container. */
const ROUNDS = 4
/** Bytes that an engine's disk must keep, whoever filled it. */
const LEAST_FREE = 512 * MEGABYTE

/** Of a machine that is busy, too: the watchdog is one process among others. */
const SILENCE_MS = 180_000
const NOBODY = '65534:65534'

// Free bytes, free inodes, all inodes (0 where the file system makes them as needed). It forks
// nothing, so it survives a fork bomb, and runs as nobody, so the container's user cannot touch it.
const WATCH = `const { statfsSync } = require('node:fs'); const look = () => {
  const s = statfsSync('${workspacePath}'); console.log(s.bavail * s.bsize, s.ffree, s.files) }
look(); setInterval(look, 500)`

interface Free {
  readonly bytes: number
  readonly inodes: number
}

/** What is watched: the engine that knows the sizes of volumes, and those that the container writes to. */
export interface Watched {
  readonly docker: Docker
  readonly volumes: readonly string[]
}

/**
 * Ends the container as `disk-full` when its volumes outgrow the limit, as `unwatched` where no watchdog could start. The disk is the engine's, and others write to it
 * too: where it lost as much as that, the container is held still until the volumes themselves are measured. Never
 * throws.
 */
export async function watchDisk(
  running: Running,
  limits: SandboxLimits,
  exited: Promise<Exit>,
  watched: Watched,
): Promise<void> {
  let first: Free | undefined
  let line = ''
  let measuring = false
  const full = () => void running.end('disk-full').catch(() => undefined)
  const most = PREPARED_FACTOR * limits.workspaceMb * MEGABYTE
  const measure = async (free: Free) => {
    measuring = true
    // One that cannot be held still is measured as it runs: that it could not says nothing of its disk.
    const grown = await heldStill(running, () => sizeOf(watched))
      .catch(() => sizeOf(watched))
      .catch(() => Number.POSITIVE_INFINITY)
    if (grown > most || free.bytes < LEAST_FREE) return full()
    first = free
    measuring = false
  }
  const check = (free: Free) => {
    first ??= free
    if (first.inodes - free.inodes > PREPARED_FACTOR * limits.workspaceInodes) return full()
    if (first.bytes - free.bytes > most && !measuring) void measure(free)
  }
  let spoke = false
  const heard = (chunk: Buffer) => {
    const lines = (line + chunk.toString('latin1')).slice(-4096).split('\n')
    line = lines.pop() ?? ''
    for (const each of lines) {
      // An engine that cannot start it writes its own words there.
      const free = readFree(each)
      if (free === undefined) continue
      spoke = true
      check(free)
    }
  }
  for (let round = 0; round < ROUNDS; round += 1) {
    await listen(running, heard, () =>
      spoke ? full() : void running.end('unwatched').catch(() => undefined),
    )
    // Where the container has ended, its watchdog has as well; a busy engine may tell of the one long before the other.
    const over = exited.then(() => true)
    if (await Promise.race([over, delay(GRACE_MS, false, { ref: false })])) return
    if (!(await isRunning(running))) return
  }
  // Who silences the watchdog is ended like one that it caught; one that never spoke caught nobody.
  if (spoke) full()
  else void running.end('unwatched').catch(() => undefined)
}

/** One watchdog, until it ends or says nothing for too long. */
async function listen(running: Running, heard: (chunk: Buffer) => void, full: () => void): Promise<void> {
  const silence = setTimeout(full, SILENCE_MS)
  const options = { timeoutMs: DAY_MS, cwd: '/', user: NOBODY, env: { NODE_OPTIONS: '' } }
  const watching = streamExec(running, ['/usr/local/bin/node', '-e', WATCH], options, (_, chunk) => {
    silence.refresh()
    heard(chunk)
  })
  await watching.catch(() => undefined)
  clearTimeout(silence)
}

async function isRunning({ container }: Running): Promise<boolean> {
  const state = await container.inspect().catch(() => undefined)
  return state?.State.Running === true
}

/** Bytes that the volumes hold; the engine's own count. */
async function sizeOf({ docker, volumes }: Watched): Promise<number> {
  const { Volumes } = (await docker.df()) as { Volumes?: readonly Docker.VolumeInspectInfo[] }
  const own = (Volumes ?? []).filter(({ Name }) => volumes.includes(Name))
  return own.reduce((sum, { UsageData }) => sum + Math.max(0, UsageData?.Size ?? 0), 0)
}

/** Undefined where it is no measure; exported for its test. */
export function readFree(line: string): Free | undefined {
  if (!/^\d+ \d+ \d+$/.test(line)) return undefined
  const [bytes = 0, inodes = 0, allInodes = 0] = line.split(' ').map(Number)
  return { bytes, inodes: allInodes > 0 ? inodes : 0 }
}
