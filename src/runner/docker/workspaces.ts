import type Docker from 'dockerode'
import { failures } from '../../contract/failures.ts'
import { workspacePath } from '../../contract/workspace.ts'
import { createContainer, type StartContext } from './container.ts'
import { type ContainerRequest, MEGABYTE } from './containerOptions.ts'
import { runExec } from './exec.ts'
import { STORE } from './files.ts'
import { asked } from './refusal.ts'
import type { Running } from './running.ts'
import type { SealedWorkspace, Workspace } from './sandbox.ts'
import { foldersArchive } from './tar.ts'
import { createVolume, inspectVolume, newName, removeVolume } from './volumes.ts'

/** Where a keeper holds the memory mount; `LOWER` is where the sealed volume is mounted read-only. */
export const HOLD = '/hold'
export const LOWER = '/run/drydock-lower'
export const LOWER_STORE = '/run/drydock-lower-store'

export interface WorkspaceContext extends StartContext {
  readonly sessionId: string
  /** Any image of Drydock's, for the keeper. */
  readonly image: string
}

/** With what was found out about the engine's machine. */
export interface MountContext extends WorkspaceContext {
  /** Size of a memory page: what the size of a memory mount is counted in. */
  readonly pageBytes: number
}

/** A writable layer waiting for a workspace: a bounded memory mount and the container that holds it. */
export interface Spare {
  readonly keeper: Running
  readonly volume: string
  readonly mountpoint: string
}

/** A workspace with what `start` needs to mount it. */
export interface MountedWorkspace extends Workspace {
  readonly lower?: string
  readonly store?: { readonly volume: string; readonly lower?: string }
}

/**
 * Prepares an upper layer. A memory mount is the one bounded file system that every engine offers
 * without a privileged helper: bytes and inodes are limits of the mount itself.
 */
export async function createSpare(context: MountContext): Promise<Spare> {
  const { docker } = context
  const volume = await memoryVolume(context, 'upper', '0755')
  const keeper = await startKeeper(context, [{ volume, target: HOLD, readOnly: false }])
  const folders = foldersArchive(layers.flatMap((layer) => [`up${layer}`, `work${layer}`]))
  await asked('unpack into a memory mount', keeper.container.putArchive(folders, { path: HOLD }))
  return { keeper, volume, mountpoint: await mountpoint(docker, volume) }
}

/** A container that does nothing but hold volumes. */
export async function startKeeper(
  context: WorkspaceContext,
  mounts: ContainerRequest['mounts'],
): Promise<Running> {
  const request: ContainerRequest = {
    name: newName(context.sessionId, 'keeper'),
    sessionId: context.sessionId,
    image: context.image,
    command: ['/bin/sleep', 'infinity'],
    env: {},
    cwd: '/',
    mounts,
    stdin: false,
  }
  const keeper = await createContainer(context, request)
  await asked('start a container', keeper.container.start())
  return keeper
}

async function mountpoint(docker: Docker, volume: string): Promise<string> {
  const found = (await inspectVolume(docker, volume))?.Mountpoint
  if (!found) throw failures.engineRefused('find a volume', volume)
  return found
}

/** Folders of a spare's writable layers: the workspace's and the store's. */
const layers = ['', '-store'] as const

/** Options of the `local` driver for an overlay on a spare. */
export function overlayOptions(
  lower: string,
  { mountpoint: at }: Spare,
  layer: (typeof layers)[number] = '',
): Record<string, string> {
  const folders = `lowerdir=${lower},upperdir=${at}/up${layer},workdir=${at}/work${layer}`
  // Without redirect_dir, renaming a folder of the lower layer fails with EXDEV.
  return { type: 'overlay', device: 'overlay', o: `${folders},redirect_dir=on,nosuid,nodev` }
}

/** The overlay of a sealed workspace and a spare: one volume that only `start` mounts. */
export async function overlayWorkspace(
  context: WorkspaceContext,
  sealed: SealedWorkspace,
  spare: Spare,
): Promise<MountedWorkspace> {
  const { docker, sessionId } = context
  const over = async (lower: string, layer: (typeof layers)[number]) =>
    createVolume(
      docker,
      sessionId,
      `workspace${layer}`,
      overlayOptions(await mountpoint(docker, lower), spare, layer),
    )
  const volume = await over(sealed.volume, '')
  const store =
    sealed.store === undefined
      ? undefined
      : { volume: await over(sealed.store, '-store'), lower: sealed.store }
  const dispose = async () => {
    await removeVolume(docker, volume)
    if (store !== undefined) await removeVolume(docker, store.volume)
    await removeSpare(docker, spare)
  }
  return { volume, lower: sealed.volume, ...(store === undefined ? {} : { store }), dispose }
}

/** For engines that refuse overlay volumes: the sealed files copied into bounded memory mounts. */
export async function copiedWorkspace(
  context: MountContext,
  sealed: SealedWorkspace,
): Promise<MountedWorkspace> {
  const { docker } = context
  const volume = await memoryVolume(context, 'workspace', '0777')
  const store =
    sealed.store === undefined ? undefined : await memoryVolume(context, 'workspace-store', '0777')
  const copies: Copy[] = [{ from: sealed.volume, lower: LOWER, to: volume, target: workspacePath }]
  if (sealed.store !== undefined && store !== undefined)
    copies.push({ from: sealed.store, lower: LOWER_STORE, to: store, target: STORE })
  const keeper = await startKeeper(
    context,
    copies.flatMap(({ from, lower, to, target }) => [
      { volume: to, target, readOnly: false },
      { volume: from, target: lower, readOnly: true },
    ]),
  )
  for (const one of copies) await copyAll(keeper, one)
  const dispose = async () => {
    await removeSpare(docker, { keeper, volume })
    if (store !== undefined) await removeVolume(docker, store)
  }
  return { volume, ...(store === undefined ? {} : { store: { volume: store } }), dispose }
}

interface Copy {
  readonly from: string
  readonly lower: string
  readonly to: string
  readonly target: string
}

function memoryVolume(context: MountContext, what: string, mode: string): Promise<string> {
  const { docker, sessionId, limits, pageBytes } = context
  return createVolume(docker, sessionId, what, memoryOptions(limits, pageBytes, mode))
}

/**
 * Options of the `local` driver for a bounded memory mount. Counted in pages, for Podman takes `size` as a quota of the
 * disk under its own folder, and refuses it where that has none.
 */
export function memoryOptions(
  { workspaceMb, workspaceInodes }: WorkspaceContext['limits'],
  pageBytes: number,
  mode: string,
): Record<string, string> {
  const pages = Math.floor((workspaceMb * MEGABYTE) / pageBytes)
  const o = `nr_blocks=${pages},nr_inodes=${workspaceInodes},mode=${mode},nosuid,nodev`
  return { type: 'tmpfs', device: 'tmpfs', o }
}

async function copyAll(keeper: Running, { lower, target }: Copy): Promise<void> {
  // Not `cp -a /from/. /to`: the mount's own folder is not the container user's to change.
  const every = ['-mindepth', '1', '-maxdepth', '1', '-exec', '/bin/cp', '-a', '-t', target, '{}', '+']
  const copy = ['/usr/bin/find', lower, ...every]
  const { exitCode, output } = await runExec(keeper, copy, { timeoutMs: 600_000, maxOutputBytes: 4096 })
  if (exitCode !== 0) throw failures.engineRefused('copy a workspace', output.toString())
}

export async function removeSpare(docker: Docker, spare: Pick<Spare, 'keeper' | 'volume'>): Promise<void> {
  await spare.keeper.end('removed')
  await removeVolume(docker, spare.volume)
}
