import type { Readable } from 'node:stream'
import type Docker from 'dockerode'
import { failures } from '../../contract/failures.ts'
import { createCapture } from './capture.ts'
import { CONTAINER_USER } from './containerOptions.ts'
import { statusOf } from './labels.ts'
import { type Running, wasOutOfMemory } from './running.ts'
import type { ExecOptions, ExecResult, Exit } from './sandbox.ts'
import { demultiplex, type StdioSink } from './stdio.ts'

/** Exit code that a shell and the kernel's killer give to a process ended by SIGKILL. */
const KILLED = 137

/** Runs a command in the container; output in order of arrival, head and tail kept. */
export async function runExec(
  running: Running,
  argv: readonly string[],
  options: ExecOptions,
): Promise<ExecResult> {
  const capture = createCapture(options.maxOutputBytes)
  const exit = await streamExec(running, argv, options, (_stream, chunk) => {
    capture.add(chunk)
    options.onOutput?.(chunk)
  })
  return { ...exit, ...capture.result() }
}

export type StreamOptions = Pick<ExecOptions, 'cwd' | 'env' | 'timeoutMs' | 'signal'> & {
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
  try {
    const exec = await createExec(running, argv, options)
    const stream = await exec.start({
      hijack: options.input !== undefined,
      stdin: options.input !== undefined,
    })
    options.input?.pipe(stream)
    await demultiplex(stream, sink)
    const { ExitCode } = await exec.inspect()
    const exitCode = running.ending() ? null : ExitCode
    const outOfMemory = exitCode === KILLED && (await wasOutOfMemory(running.container))
    return { exitCode, ...guard.state(), outOfMemory, durationMs: performance.now() - startedAt }
  } catch (error) {
    // The container went away under the command: said as data, whoever ended it.
    if (!running.ending()) throw refusal(error)
    return {
      exitCode: null,
      ...guard.state(),
      outOfMemory: false,
      durationMs: performance.now() - startedAt,
    }
  } finally {
    guard.release()
  }
}

function refusal(error: unknown): unknown {
  if (statusOf(error) === undefined) return error
  return failures.engineRefused('run a command', error instanceof Error ? error.message : '')
}

function createExec(running: Running, argv: readonly string[], options: StreamOptions): Promise<Docker.Exec> {
  return running.container.exec({
    Cmd: [...argv],
    User: CONTAINER_USER,
    AttachStdin: options.input !== undefined,
    AttachStdout: true,
    AttachStderr: true,
    Privileged: false,
    ...(options.cwd ? { WorkingDir: options.cwd } : {}),
    ...(options.env ? { Env: Object.entries(options.env).map(([key, value]) => `${key}=${value}`) } : {}),
  })
}

interface Guard {
  readonly state: () => Pick<Exit, 'timedOut' | 'cancelled'>
  readonly release: () => void
}

// An exec's process outlives its client, so a time-out or a cancellation removes the container.
function guarded(running: Running, options: StreamOptions): Guard {
  const end = (ending: 'timed-out' | 'cancelled') => void running.end(ending).catch(() => undefined)
  const onAbort = () => end('cancelled')
  const timer = setTimeout(() => end('timed-out'), options.timeoutMs)
  if (options.signal?.aborted) onAbort()
  options.signal?.addEventListener('abort', onAbort, { once: true })
  return {
    state: () => ({
      timedOut: running.ending() === 'timed-out',
      cancelled: running.ending() === 'cancelled',
    }),
    release() {
      clearTimeout(timer)
      options.signal?.removeEventListener('abort', onAbort)
    },
  }
}
