import { createHash, randomBytes } from 'node:crypto'
import type Docker from 'dockerode'
import {
  CACHE_LABEL,
  HOLDS_LABEL,
  isMissing,
  KEY_LABEL,
  SESSION_LABEL,
  STORE_LABEL,
  statusOf,
  VOLUME_LABEL,
} from './labels.ts'
import { asked, refusal } from './refusal.ts'
import type { SealedWorkspace } from './sandbox.ts'

/** Prepared workspaces that stay cached; the oldest beyond these go. */
const KEPT_SEALED = 12

export function newName(sessionId: string, what: string): string {
  return `drydock-${sessionId}-${what}-${randomBytes(4).toString('hex')}`
}

/** A volume of this session; `options` are the local driver's. */
export async function createVolume(
  docker: Docker,
  sessionId: string,
  what: string,
  options: Record<string, string> = {},
): Promise<string> {
  return createNamed(docker, sessionId, newName(sessionId, what), options)
}

/** Makes it, or gives the one of that name. */
export async function makeVolume(docker: Docker, options: Docker.VolumeCreateOptions): Promise<void> {
  await asked('create a volume', docker.createVolume(options))
}

async function createNamed(
  docker: Docker,
  sessionId: string,
  name: string,
  options: Record<string, string> = {},
): Promise<string> {
  const Labels = { [SESSION_LABEL]: sessionId }
  await makeVolume(docker, { Name: name, Driver: 'local', DriverOpts: options, Labels })
  return name
}

/** The volume of a package manager's own files that goes with a workspace's. */
export function storeOf(volume: string): string {
  return `${volume}-store`
}

/** A workspace's volume and, where wanted, its store's. */
export async function createPrepared(docker: Docker, sessionId: string, store: boolean): Promise<string> {
  const volume = await createVolume(docker, sessionId, 'prepared')
  if (store) await createNamed(docker, sessionId, storeOf(volume))
  return volume
}

/** A workspace's volume with its store's; true where both are gone. */
export async function removePrepared(docker: Docker, volume: string): Promise<boolean> {
  const gone = await Promise.all([removeVolume(docker, volume), removeVolume(docker, storeOf(volume))])
  return gone.every((one) => one)
}

/** True where the volume is gone afterwards; false while a container uses it. */
export async function removeVolume(docker: Docker, name: string): Promise<boolean> {
  try {
    await docker.getVolume(name).remove()
    return true
  } catch (error) {
    if (isMissing(error)) return true
    if (statusOf(error) === 409) return false
    throw refusal('remove a volume', error)
  }
}

export async function inspectVolume(
  docker: Docker,
  name: string,
): Promise<Docker.VolumeInspectInfo | undefined> {
  try {
    return await docker.getVolume(name).inspect()
  } catch (error) {
    if (isMissing(error)) return undefined
    throw refusal('inspect a volume', error)
  }
}

export async function listVolumes(
  docker: Docker,
  label: string,
): Promise<readonly Docker.VolumeInspectInfo[]> {
  const filters = JSON.stringify({ label: [label] })
  const { Volumes } = await asked('list its volumes', docker.listVolumes({ filters }))
  return Volumes ?? []
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32)
}

const markerName = (key: string) => `drydock-seal-${digest(key)}`

/**
 * A volume's labels are fixed when it is made, so a seal is a marker: a second, empty volume
 * that names the prepared one. It is made last, so that a half-prepared volume is never found.
 */
export async function seal(
  docker: Docker,
  sessionId: string,
  volume: string,
  key: string,
): Promise<SealedWorkspace> {
  await hold(docker, sessionId, volume)
  const store = (await inspectVolume(docker, storeOf(volume)))?.Name
  await makeVolume(docker, {
    Name: markerName(key),
    Driver: 'local',
    Labels: {
      ...{ [CACHE_LABEL]: 'seal', [KEY_LABEL]: key, [VOLUME_LABEL]: volume },
      ...(store === undefined ? {} : { [STORE_LABEL]: store }),
    },
  })
  // Creating a volume that exists answers with the existing one: another session was first.
  const found = await findSealed(docker, sessionId, key)
  return found ?? { volume, key, ...(store === undefined ? {} : { store }) }
}

export async function findSealed(
  docker: Docker,
  sessionId: string,
  key: string,
): Promise<SealedWorkspace | undefined> {
  const marker = await inspectVolume(docker, markerName(key))
  const volume = marker?.Labels?.[VOLUME_LABEL]
  if (!volume) return undefined
  await hold(docker, sessionId, volume)
  const store = marker?.Labels?.[STORE_LABEL]
  const parts = store === undefined ? [volume] : [volume, store]
  const found = await Promise.all(parts.map((name) => inspectVolume(docker, name)))
  if (found.every((one) => one !== undefined))
    return { volume, key, ...(store === undefined ? {} : { store }) }
  await removeVolume(docker, markerName(key))
  return undefined
}

// Kept from eviction while the session lives, also between two containers that mount it.
async function hold(docker: Docker, sessionId: string, volume: string): Promise<void> {
  await makeVolume(docker, {
    Name: `drydock-${sessionId}-hold-${digest(volume)}`,
    Driver: 'local',
    Labels: { [SESSION_LABEL]: sessionId, [HOLDS_LABEL]: volume },
  })
}

/** Names of the volumes that a seal makes part of the cache. */
export async function sealedVolumes(docker: Docker): Promise<ReadonlySet<string>> {
  const markers = await listVolumes(docker, `${CACHE_LABEL}=seal`)
  const labels = [VOLUME_LABEL, STORE_LABEL]
  return new Set(markers.flatMap((marker) => labels.flatMap((label) => marker.Labels?.[label] ?? [])))
}

interface Dated {
  readonly CreatedAt?: string
}

/** Removes the oldest sealed workspaces beyond `keep`; one that is in use or held stays. */
export async function evict(
  docker: Docker,
  keep: number = KEPT_SEALED,
  counts: (key: string) => boolean = () => true,
): Promise<readonly string[]> {
  const [markers, holds] = await Promise.all([
    listVolumes(docker, `${CACHE_LABEL}=seal`),
    listVolumes(docker, HOLDS_LABEL),
  ])
  const held = new Set(holds.map((volume) => volume.Labels?.[HOLDS_LABEL]))
  const created = (volume: Docker.VolumeInspectInfo & Dated) => Date.parse(volume.CreatedAt ?? '') || 0
  const counted = markers.filter((marker) => counts(marker.Labels?.[KEY_LABEL] ?? ''))
  const old = counted.sort((a, b) => created(b) - created(a)).slice(keep)
  const evicted: string[] = []
  for (const marker of old) {
    const volume = marker.Labels?.[VOLUME_LABEL]
    if (!volume || held.has(volume)) continue
    if (!(await removePrepared(docker, volume))) continue
    await removeVolume(docker, marker.Name)
    evicted.push(volume)
  }
  return evicted
}
