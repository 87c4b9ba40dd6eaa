import { failures } from '../../contract/failures.ts'
import { workspacePath } from '../../contract/workspace.ts'
import { createContainer, type StartContext, startContainer } from './container.ts'
import type { ContainerRequest, SandboxLimits, VolumeMount } from './containerOptions.ts'
import type { Engine } from './engine.ts'
import { putArchive, STORE } from './files.ts'
import { ensureImage } from './images.ts'
import type { Container, ContainerSpec, Sandbox } from './sandbox.ts'
import { sweep } from './sweep.ts'
import { isPodman, type Version } from './version.ts'
import { createPrepared, findSealed, newName, removePrepared, seal, storeOf } from './volumes.ts'
import { watchDisk } from './watchdog.ts'
import { createWorkspacePool } from './workspacePool.ts'
import { LOWER, LOWER_STORE, type MountedWorkspace } from './workspaces.ts'

export interface SandboxOptions {
  readonly engine: Engine
  readonly sessionId: string
  readonly limits: SandboxLimits
  /** Absolute path of the folder that holds `sandbox/images` and `dist/sandbox`. */
  readonly assets: string
  /** Host environment for image builds: proxies and certificates. */
  readonly env: Readonly<Record<string, string | undefined>>
}

/** An agent goes on starting in its container; the next workspace it asks for is some turns away. */
const AGENT_START_MS = 2_000

/** The session's view of the engine. Nothing is made until it is asked for. */
export async function openSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { engine, sessionId, limits } = options
  const { docker } = engine
  const [info, version]: [{ readonly SwapLimit?: boolean }, Version] = await Promise.all([
    docker.info(),
    docker.version(),
  ])
  const abilities = { swapLimit: info.SwapLimit !== false, inlineSeccomp: !isPodman(version) }
  const context: StartContext = { docker, limits, abilities }
  const pool = createWorkspacePool()
  return {
    async image(need, onProgress, signal) {
      const image = await ensureImage({ ...options, docker, onProgress, ...(signal && { signal }) }, need)
      pool.warm({ ...context, sessionId, image: image.id })
      return image
    },
    findSealed: (key) => findSealed(docker, sessionId, key),
    createVolume: (store = false) => createPrepared(docker, sessionId, store),
    seal: (volume, key) => seal(docker, sessionId, volume, key),
    async removeVolume(volume) {
      if (await removePrepared(docker, volume)) return
      throw failures.engineRefused('remove a volume', `${volume} is in use`)
    },
    workspace: (sealed) => pool.take(sealed),
    async start(spec, signal) {
      const container = await start(context, sessionId, spec, signal)
      // Only now: a spare made earlier would compete with the start for the processor.
      pool.refill(spec.kind === 'agent' ? AGENT_START_MS : undefined)
      return container
    },
    async dispose() {
      await pool.settle()
      await sweep(docker, sessionId)
    },
  }
}

async function start(
  context: StartContext,
  sessionId: string,
  spec: ContainerSpec,
  signal?: AbortSignal,
): Promise<Container> {
  if (signal?.aborted) throw failures.cancelled()
  const request: ContainerRequest = {
    name: newName(sessionId, spec.kind),
    sessionId,
    image: spec.image.id,
    command: spec.command ?? ['/bin/sleep', 'infinity'],
    env: spec.env ?? {},
    cwd: spec.cwd ?? workspacePath,
    mounts: mounts(spec),
    // Frames only ever flow where no project code runs.
    stdin: spec.command !== undefined && spec.kind !== 'project',
  }
  const running = await createContainer(context, request)
  try {
    for (const { path, archive } of spec.files ?? []) await putArchive(running, path, archive)
  } catch (error) {
    await running.end('removed')
    throw error
  }
  const container = await startContainer(running, request, signal)
  const { workspace } = spec
  if (workspace !== undefined && 'unsealed' in workspace) {
    const { unsealed, store } = workspace
    const volumes = [unsealed, ...(store === true ? [storeOf(unsealed)] : [])]
    void watchDisk(running, context.limits, container.exited, { docker: context.docker, volumes })
  }
  return container
}

function mounts(spec: ContainerSpec): readonly VolumeMount[] {
  const readOnly = (spec.readOnly ?? []).map((mount) => ({ ...mount, readOnly: true }))
  const { workspace } = spec
  if (!workspace) return readOnly
  if ('unsealed' in workspace) {
    const { unsealed, store } = workspace
    const beside = store === true ? [{ volume: storeOf(unsealed), target: STORE, readOnly: false }] : []
    return [{ volume: unsealed, target: workspacePath, readOnly: false, adopt: true }, ...beside, ...readOnly]
  }
  const { volume, lower, store }: MountedWorkspace = workspace
  // The agent reads the project; only what runs it needs the package manager's own files.
  const beside = store === undefined || spec.kind === 'agent' ? undefined : store
  return [
    { volume, target: workspacePath, readOnly: false },
    ...(beside === undefined ? [] : [{ volume: beside.volume, target: STORE, readOnly: false }]),
    // The engine would let a lower volume be removed under the overlay, were it not mounted too.
    ...(lower === undefined ? [] : [{ volume: lower, target: LOWER, readOnly: true }]),
    ...(beside?.lower === undefined ? [] : [{ volume: beside.lower, target: LOWER_STORE, readOnly: true }]),
    ...readOnly,
  ]
}
