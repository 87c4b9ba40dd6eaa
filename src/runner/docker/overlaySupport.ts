import { createHash } from 'node:crypto'
import { workspacePath } from '../../contract/workspace.ts'
import { createContainer } from './container.ts'
import { CACHE_LABEL } from './labels.ts'
import { foldersArchive } from './tar.ts'
import { createVolume, inspectVolume, newName, removeVolume } from './volumes.ts'
import { createSpare, HOLD, overlayOptions, removeSpare, type WorkspaceContext } from './workspaces.ts'

const OVERLAY_LABEL = 'drydock.overlay'

/** Whether the engine mounts overlay volumes; tried once an engine version and kernel. */
export async function overlaySupport(context: WorkspaceContext): Promise<boolean> {
  const { docker } = context
  const { Version, KernelVersion } = await docker.version()
  const identity = createHash('sha256').update(`${Version} ${KernelVersion}`).digest('hex').slice(0, 16)
  const marker = `drydock-overlay-${identity}`
  const known = (await inspectVolume(docker, marker))?.Labels?.[OVERLAY_LABEL]
  if (known) return known === 'on'
  const works = await tryOverlay(context)
  await docker.createVolume({
    Name: marker,
    Driver: 'local',
    Labels: { [CACHE_LABEL]: 'overlay', [OVERLAY_LABEL]: works ? 'on' : 'off' },
  })
  return works
}

async function tryOverlay(context: WorkspaceContext): Promise<boolean> {
  const { docker, sessionId } = context
  const spare = await createSpare(context)
  await spare.keeper.container.putArchive(foldersArchive(['lower']), { path: HOLD })
  const options = overlayOptions(`${spare.mountpoint}/lower`, spare)
  const volume = await createVolume(docker, sessionId, 'probe', options)
  const works = await mounts(context, volume)
  await removeVolume(docker, volume)
  await removeSpare(docker, spare)
  return works
}

// Any refusal means the copy: slower, and no less safe.
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
