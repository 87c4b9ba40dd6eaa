import { failures } from '../../contract/failures.ts'
import { workspacePath } from '../../contract/workspace.ts'
import { abilitiesOf, type EngineAbilities, hasOwnFilter } from './abilities.ts'
import type { BuildTurn } from './baseImage.ts'
import { createContainer, type StartContext, startContainer } from './container.ts'
import type { ContainerRequest, SandboxLimits, VolumeMount } from './containerOptions.ts'
import type { Engine } from './engine.ts'
import { factsOf } from './facts.ts'
import { putArchive, STORE } from './files.ts'
import { ensureImage } from './images.ts'
import { withOwnFilter } from './ownFilter.ts'
import { probeInside } from './probe.ts'
import { requireProtections } from './protection.ts'
import type { Container, ContainerSpec, Image, Sandbox } from './sandbox.ts'
import { seenProtections, widerFilter } from './seen.ts'
import { sweep } from './sweep.ts'
import { createPrepared, evict, findSealed, newName, removePrepared, seal, storeOf } from './volumes.ts'
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
  /** Lets one session of this machine build at a time. */
  readonly builds?: BuildTurn
  /** Folder for our seccomp profile, for engines that read it from a file. */
  readonly profiles?: string
  /** Only one workspace will be asked for: no other is made ready meanwhile. */
  readonly oneWorkspace?: true
}

/** An agent goes on starting in its container; the next workspace it asks for is some turns away. */
const AGENT_START_MS = 2_000

/**
 * The session's view of the engine. Nothing is made until it is asked for. Where an engine does not say all that it did
 * of what was asked of it, the first image comes with a look from inside a container: `protection-missing` where an
 * essential one is.
 */
export async function openSandbox(options: SandboxOptions): Promise<Sandbox> {
  const abilities = abilitiesOf(await factsOf(options.engine.docker))
  const { sandbox, ownFilter } = sandboxOn(options, abilities)
  if (abilities.dialect === 'docker') return sandbox
  let proven: Promise<void> | undefined
  return {
    ...sandbox,
    async image(need, onProgress, signal) {
      const image = await sandbox.image(need, onProgress, signal)
      proven ??= prove(sandbox, image, options.limits).then(() => {
        if (!ownFilter()) onProgress(widerFilter)
      })
      await proven
      return image
    },
  }
}

async function prove(sandbox: Sandbox, image: Image, limits: SandboxLimits): Promise<void> {
  requireProtections(seenProtections(await probeInside(sandbox, image), limits))
}

interface UnprovenSandbox {
  readonly sandbox: Sandbox
  /** Whether containers get our seccomp profile; settled with the first image. */
  readonly ownFilter: () => boolean
}

/** Without that look, for who looks himself. */
export function sandboxOn(options: SandboxOptions, abilities: EngineAbilities): UnprovenSandbox {
  const { engine, sessionId, limits, profiles } = options
  const { docker } = engine
  let context: StartContext = { docker, limits, abilities }
  let settled: Promise<EngineAbilities> | undefined
  const pool = createWorkspacePool()
  let evicting: Promise<unknown> = Promise.resolve()
  const sandbox: Sandbox = {
    async image(need, onProgress, signal) {
      const image = await ensureImage({ ...options, docker, onProgress, ...(signal && { signal }) }, need)
      if (profiles !== undefined && !hasOwnFilter(abilities)) {
        settled ??= withOwnFilter(context, { folder: profiles, sessionId, image: image.id })
        context = { ...context, abilities: await settled }
      }
      pool.warm({ ...context, sessionId, image: image.id }, onProgress)
      return image
    },
    findSealed: (key) => findSealed(docker, sessionId, key),
    createVolume: (store = false) => createPrepared(docker, sessionId, store),
    async seal(volume, key) {
      const sealed = await seal(docker, sessionId, volume, key)
      // Removing a large one takes the engine seconds, which nobody need wait for; what stays now goes after the next seal.
      evicting = evicting.then(() => evict(docker)).catch(() => undefined)
      return sealed
    },
    async removeVolume(volume) {
      if (await removePrepared(docker, volume)) return
      throw failures.engineRefused('remove a volume', `${volume} is in use`)
    },
    workspace: (sealed) => pool.take(sealed),
    async start(spec, signal) {
      const container = await start(context, sessionId, spec, signal)
      // Only now: a spare made earlier would compete with the start for the processor.
      if (options.oneWorkspace !== true) pool.refill(spec.kind === 'agent' ? AGENT_START_MS : undefined)
      return container
    },
    async dispose() {
      await Promise.all([pool.settle(), evicting])
      await sweep(docker, sessionId)
    },
  }
  return { sandbox, ownFilter: () => hasOwnFilter(context.abilities) }
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
