import { createHash } from 'node:crypto'
import { failures } from '../../contract/failures.ts'
import { workspacePath } from '../../contract/workspace.ts'
import { createContainer } from './container.ts'
import { runExec } from './exec.ts'
import { CACHE_LABEL } from './labels.ts'
import { asked } from './refusal.ts'
import { foldersArchive } from './tar.ts'
import { createVolume, inspectVolume, makeVolume, newName, removeVolume } from './volumes.ts'
import {
  createSpare,
  HOLD,
  type MountContext,
  overlayOptions,
  removeSpare,
  startKeeper,
  type WorkspaceContext,
} from './workspaces.ts'

const OVERLAY_LABEL = 'drydock.overlay'
const PAGE_LABEL = 'drydock.page'

/** What workspaces depend on, and no engine tells. */
export interface MountSupport {
  /** Whether the engine mounts overlay volumes. */
  readonly overlay: boolean
  readonly pageBytes: number
}

/** Tried once an engine version and kernel. */
export async function mountSupport(context: WorkspaceContext): Promise<MountSupport> {
  const { docker } = context
  const { Version, KernelVersion, Components } = await asked('tell its version', docker.version())
  const engine = [Components?.[0]?.Name ?? '', Version, KernelVersion].join(' ')
  const identity = createHash('sha256').update(engine).digest('hex').slice(0, 16)
  const marker = `drydock-mounts-${identity}`
  const labels = (await inspectVolume(docker, marker))?.Labels
  const known = Number(labels?.[PAGE_LABEL])
  if (known > 0) return { overlay: labels?.[OVERLAY_LABEL] === 'on', pageBytes: known }
  const pageBytes = await askPageSize(context)
  const overlay = await tryOverlay({ ...context, pageBytes })
  await makeVolume(docker, {
    Name: marker,
    Driver: 'local',
    Labels: {
      [CACHE_LABEL]: 'overlay',
      [OVERLAY_LABEL]: overlay ? 'on' : 'off',
      [PAGE_LABEL]: String(pageBytes),
    },
  })
  return { overlay, pageBytes }
}

/** Of the machine that containers run on, which may be another than this one. */
async function askPageSize(context: WorkspaceContext): Promise<number> {
  const keeper = await startKeeper(context, [])
  try {
    const options = { timeoutMs: 60_000, maxOutputBytes: 4096 }
    const { output } = await runExec(keeper, ['/usr/bin/getconf', 'PAGESIZE'], options)
    const size = Number(output.toString().trim())
    if (Number.isInteger(size) && size >= 4096 && size <= 1024 * 1024) return size
    throw failures.engineRefused('tell the size of its memory pages', output.toString())
  } finally {
    await keeper.end('removed')
  }
}

async function tryOverlay(context: MountContext): Promise<boolean> {
  const { docker, sessionId } = context
  const spare = await createSpare(context)
  try {
    const lower = foldersArchive(['lower'])
    await asked('unpack into a memory mount', spare.keeper.container.putArchive(lower, { path: HOLD }))
    const options = overlayOptions(`${spare.mountpoint}/lower`, spare)
    const volume = await createVolume(docker, sessionId, 'probe', options)
    const works = await mounts(context, volume)
    await removeVolume(docker, volume)
    return works
  } finally {
    await removeSpare(docker, spare)
  }
}

// Any refusal means the copy: slower, and no less safe. A user namespace refuses `redirect_dir`.
async function mounts(context: WorkspaceContext, volume: string): Promise<boolean> {
  const probe = await createContainer(context, {
    name: newName(context.sessionId, 'probe'),
    sessionId: context.sessionId,
    image: context.image,
    command: ['/bin/sleep', 'infinity'],
    env: {},
    cwd: '/',
    mounts: [{ volume, target: workspacePath, readOnly: false }],
    stdin: false,
  })
  try {
    await probe.container.start()
    return true
  } catch {
    return false
  } finally {
    await probe.end('removed')
  }
}
