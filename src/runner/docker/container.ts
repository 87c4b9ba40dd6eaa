import type { Duplex, Writable } from 'node:stream'
import { PassThrough } from 'node:stream'
import type Docker from 'dockerode'
import { failures } from '../../contract/failures.ts'
import type { EngineAbilities } from './abilities.ts'
import { missingProtections } from './asserted.ts'
import { attach, waitFor } from './calls.ts'
import { type ContainerRequest, containerOptions, type SandboxLimits } from './containerOptions.ts'
import { containerStatus } from './ended.ts'
import { runExec } from './exec.ts'
import { putArchive, readFile } from './files.ts'
import { asked, refusal } from './refusal.ts'
import { asRunning, type Running, wasOutOfMemory } from './running.ts'
import type { Container, Exit } from './sandbox.ts'
import { createStdio, demultiplex, type Stdio } from './stdio.ts'

export interface StartContext {
  readonly docker: Docker
  readonly limits: SandboxLimits
  readonly abilities: EngineAbilities
}

/** Creates the container and asserts every protection on what the engine made of the request. */
export async function createContainer(context: StartContext, request: ContainerRequest): Promise<Running> {
  const { docker, limits, abilities } = context
  const container = await created(docker, containerOptions(request, limits, abilities))
  const running = asRunning(container)
  const missing = missingProtections(await container.inspect(), limits, abilities)
  if (missing.length === 0) return running
  await running.end('removed')
  throw failures.protectionMissing(missing)
}

function created(docker: Docker, options: Docker.ContainerCreateOptions): Promise<Docker.Container> {
  return asked('create a container', docker.createContainer(options))
}

/** Attaches, starts, and gives the container to its user; the signal removes it. */
export async function startContainer(
  running: Running,
  request: ContainerRequest,
  signal?: AbortSignal,
): Promise<Container> {
  const { container } = running
  const startedAt = performance.now()
  const stdio = createStdio()
  // Asked before the start: the exit of a short command would otherwise be missed.
  const exiting = waitFor(container, 'next-exit')
  exiting.catch(() => undefined)
  const attached = await attach(container, request.stdin)
  // After a removal the connection breaks off; the exit says what happened.
  attached.on('error', () => undefined)
  void demultiplex(attached, stdio.sink)
    .catch(() => undefined)
    .then(stdio.end)
  await started(running)
  const cancel = () => void running.end('cancelled').catch(() => undefined)
  if (signal?.aborted) cancel()
  signal?.addEventListener('abort', cancel, { once: true })
  const exited = exit(running, exiting, startedAt)
  void exited.finally(() => signal?.removeEventListener('abort', cancel))
  return handle(running, request, attached, stdio, exited)
}

async function started(running: Running): Promise<void> {
  try {
    await running.container.start()
  } catch (error) {
    await running.end('removed')
    throw refusal('start a container', error)
  }
}

async function exit(running: Running, waiting: Promise<number>, startedAt: number): Promise<Exit> {
  const status = await containerStatus(running.container, waiting)
  const ending = running.ending()
  if (ending) await running.end(ending).catch(() => undefined)
  const outOfMemory = ending || status === undefined ? false : await wasOutOfMemory(running.container)
  return {
    exitCode: ending || status === undefined ? null : status,
    timedOut: ending === 'timed-out',
    cancelled: ending === 'cancelled',
    outOfMemory,
    ...(ending === 'disk-full' && { diskFull: true }),
    ...(ending === 'unwatched' && { unwatched: true }),
    durationMs: performance.now() - startedAt,
  }
}

function handle(
  running: Running,
  request: ContainerRequest,
  attached: Duplex,
  stdio: Stdio,
  exited: Promise<Exit>,
): Container {
  const stdin: Writable = request.stdin ? attached : new PassThrough().end()
  return {
    id: running.container.id,
    stdin,
    stdout: stdio.stdout,
    stderr: stdio.stderr,
    exited,
    exec: (argv, options) => runExec(running, argv, options),
    putArchive: (path, archive) => putArchive(running, path, archive),
    readFile: (path, maxBytes) => readFile(running, path, maxBytes),
    remove: () => running.end('removed'),
  }
}
