import type { Duplex, Readable } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import type Docker from 'dockerode'
import { failures } from '../../contract/failures.ts'
import { createCapture } from './capture.ts'
import { CONTAINER_USER } from './containerOptions.ts'
import { execStatus } from './ended.ts'
import { statusOf } from './labels.ts'
import { refusal } from './refusal.ts'
import type { Running } from './running.ts'
import type { ExecOptions, ExecResult, Exit } from './sandbox.ts'
import { demultiplex, type StdioSink } from './stdio.ts'

// One pipe for both streams: the engine does not keep the order of two.
const MERGED = ['/bin/sh', '-c', 'exec "$@" 2>&1', 'sh']

/** Runs a command in the container; output in order of arrival, head and tail kept. */
export async function runExec(
  running: Running,
  argv: readonly string[],
  options: ExecOptions,
): Promise<ExecResult> {
  const capture = createCapture(options.maxOutputBytes)
  const killsBefore = running.outOfMemoryKills
  const exit = await streamExec(running, [...MERGED, ...argv], options, (_stream, chunk) => {
    capture.add(chunk)
    options.onOutput?.(chunk)
  })
  const failed = exit.exitCode !== 0 && exit.exitCode !== null
  if (failed) running.outOfMemoryKills = await countKills(running)
  const outOfMemory = running.outOfMemoryKills > killsBefore
  if (exit.exitCode === killed && !outOfMemory) await requireRunning(running)
  return { ...exit, outOfMemory, ...capture.result() }
}

/** By SIGKILL. */
const killed = 128 + 9
const looks = 10
const lookMs = 100

/** A command that was killed with its container did not fail: it was ended, by whoever ended the container. */
async function requireRunning(running: Running): Promise<void> {
  // The engine learns of the command's end before it learns of the container's.
  for (let look = 0; look < looks; look += 1) {
    const { State } = await running.container.inspect().catch((error: unknown) => {
      throw refusal('run a command', error)
    })
    // A time-out or a cancellation of our own says so itself.
    if (running.ending() !== undefined) return
    if (!State.Running) throw failures.engineRefused('run a command', 'the container is not running any more')
    await delay(lookMs)
  }
}

// The engine tells of it only when PID 1 ends; the container's own control group knows at once.
const KILLS = 'cat /sys/fs/cgroup/memory.events /sys/fs/cgroup/memory/memory.oom_control 2>/dev/null'

async function countKills(running: Running): Promise<number> {
  const said: Buffer[] = []
  const options = { timeoutMs: 30_000, cwd: '/' }
  try {
    await streamExec(running, ['/bin/sh', '-c', KILLS], options, (_stream, chunk) => {
      if (said.length < 64) said.push(Buffer.from(chunk))
    })
  } catch {
    return running.outOfMemoryKills
  }
  const count = /^oom_kill (\d+)$/m.exec(Buffer.concat(said).toString())?.[1]
  return count === undefined ? running.outOfMemoryKills : Number(count)
}

export type StreamOptions = Pick<ExecOptions, 'cwd' | 'env' | 'timeoutMs' | 'signal'> & {
  /** Numeric user and group; the container's user where undefined. */
  readonly user?: string
  /** Fed to the command's stdin. */
  readonly input?: Readable
}

/** Runs a command and hands its output on as it comes. */
export async function streamExec(
  running: Running,
  argv: readonly string[],
  options: StreamOptions,
  sink: StdioSink,
): Promise<Exit> {
  const startedAt = performance.now()
  const guard = guarded(running, options)
  const own: Promise<Docker.Exec>[] = []
  try {
    const { exec, stream } = await Promise.race([startExec(running, argv, options, own), guard.givenUp])
    stream.on('error', () => {}) // what reads it hears of it, too; after its end nobody does
    options.input?.once('error', (error) => stream.destroy(error)).pipe(stream)
    const status = await Promise.race([demultiplex(stream, sink).then(() => execStatus(exec)), guard.givenUp])
    const exitCode = running.ending() ? null : status
    return { exitCode, ...guard.state(), outOfMemory: false, durationMs: performance.now() - startedAt }
  } catch (error) {
    // The container went away under the command: said as data, whoever ended it.
    if (!running.ending()) throw refusal('run a command', error)
    return {
      exitCode: null,
      ...guard.state(),
      outOfMemory: false,
      durationMs: performance.now() - startedAt,
    }
  } finally {
    guard.release()
    for (const created of own) running.execs.delete(created)
    const ending = running.ending()
    if (ending) await running.end(ending).catch(() => undefined)
  }
}

const pollMs = 200

/** A container that is held still, as the watch over its disk does, takes commands again later; a time-out ends the wait. */
async function startExec(
  running: Running,
  argv: readonly string[],
  options: StreamOptions,
  own: Promise<Docker.Exec>[],
): Promise<{ readonly exec: Docker.Exec; readonly stream: Duplex }> {
  const input = options.input !== undefined
  for (;;) {
    while (running.held !== undefined) await running.held
    const created = createExec(running, argv, options)
    running.execs.add(created)
    own.push(created)
    try {
      const exec = await created
      return { exec, stream: await exec.start({ hijack: input, stdin: input }) }
    } catch (error) {
      running.execs.delete(created)
      if (running.ending() !== undefined || !isPaused(error)) throw error
      await delay(pollMs)
    }
  }
}

function isPaused(error: unknown): boolean {
  return statusOf(error) === 409 && error instanceof Error && /is paused/.test(error.message)
}

function createExec(running: Running, argv: readonly string[], options: StreamOptions): Promise<Docker.Exec> {
  return running.container.exec({
    Cmd: [...argv],
    User: options.user ?? CONTAINER_USER,
    AttachStdin: options.input !== undefined,
    AttachStdout: true,
    AttachStderr: true,
    Privileged: false,
    ...(options.cwd ? { WorkingDir: options.cwd } : {}),
    ...(options.env ? { Env: Object.entries(options.env).map(([key, value]) => `${key}=${value}`) } : {}),
  })
}

interface Guard {
  readonly state: () => Pick<Exit, 'timedOut' | 'cancelled' | 'diskFull' | 'unwatched'>
  /** Rejects where the container was to be ended, and the engine could not. */
  readonly givenUp: Promise<never>
  readonly release: () => void
}

// An exec's process outlives its client, so a time-out or a cancellation removes the container.
function guarded(running: Running, options: StreamOptions): Guard {
  const { promise: givenUp, reject } = withReject()
  const end = (ending: 'timed-out' | 'cancelled') => void running.end(ending).catch(reject)
  const onAbort = () => end('cancelled')
  const timer = setTimeout(() => end('timed-out'), options.timeoutMs)
  if (options.signal?.aborted) onAbort()
  options.signal?.addEventListener('abort', onAbort, { once: true })
  return {
    givenUp,
    state: () => ({
      timedOut: running.ending() === 'timed-out',
      cancelled: running.ending() === 'cancelled',
      ...(running.ending() === 'disk-full' && { diskFull: true }),
      ...(running.ending() === 'unwatched' && { unwatched: true }),
    }),
    release() {
      clearTimeout(timer)
      options.signal?.removeEventListener('abort', onAbort)
    },
  }
}

/** What nobody waits for any more may fail unheard. */
function withReject(): { readonly promise: Promise<never>; readonly reject: (error: unknown) => void } {
  let reject: (error: unknown) => void = () => {}
  const promise = new Promise<never>((_, no) => {
    reject = no
  })
  promise.catch(() => undefined)
  return { promise, reject }
}
