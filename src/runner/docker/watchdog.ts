import { setTimeout as delay } from 'node:timers/promises'
import type { SandboxLimits } from './containerOptions.ts'
import { streamExec } from './exec.ts'
import { WORKSPACE } from './files.ts'
import type { Running } from './running.ts'
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

const SILENCE_MS = 30_000
const NOBODY = '65534:65534'

// Free bytes, free inodes, all inodes (0 where the file system makes them as needed). It forks
// nothing, so it survives a fork bomb, and runs as nobody, so the container's user cannot touch it.
const WATCH = `const { statfsSync } = require('node:fs'); const look = () => {
  const s = statfsSync('${WORKSPACE}'); console.log(s.bavail * s.bsize, s.ffree, s.files) }
look(); setInterval(look, 500)`

interface Free {
  readonly bytes: number
  readonly inodes: number
}

/** Ends the container as `disk-full` when its volume outgrows the limit. Never throws. */
export async function watchDisk(
  running: Running,
  limits: SandboxLimits,
  exited: Promise<Exit>,
): Promise<void> {
  let first: Free | undefined
  let line = ''
  const check = (free: Free) => {
    first ??= free
    const bytes = first.bytes - free.bytes
    const inodes = first.inodes - free.inodes
    const full =
      bytes > PREPARED_FACTOR * limits.workspaceMb * MEGABYTE ||
      inodes > PREPARED_FACTOR * limits.workspaceInodes
    if (full) void running.end('disk-full').catch(() => undefined)
  }
  const silence = setTimeout(() => void running.end('disk-full').catch(() => undefined), SILENCE_MS)
  const options = { timeoutMs: DAY_MS, cwd: '/', user: NOBODY, env: { NODE_OPTIONS: '' } }
  const watching = streamExec(running, ['/usr/local/bin/node', '-e', WATCH], options, (_, chunk) => {
    silence.refresh()
    const lines = (line + chunk.toString('latin1')).slice(-4096).split('\n')
    line = lines.pop() ?? ''
    for (const each of lines) check(readFree(each))
  })
  await watching.catch(() => undefined)
  clearTimeout(silence)
  // Who silences the watchdog is ended like one that it caught.
  const alive = await Promise.race([exited.then(() => false), delay(GRACE_MS, true, { ref: false })])
  if (alive) await running.end('disk-full').catch(() => undefined)
}

function readFree(line: string): Free {
  const [bytes = 0, inodes = 0, allInodes = 0] = line.split(' ').map(Number)
  return { bytes, inodes: allInodes > 0 ? inodes : 0 }
}
