import type Docker from 'dockerode'
import { CACHE_LABEL, HOLDS_LABEL, VOLUME_LABEL } from './labels.ts'
import { listVolumes, removePrepared, removeVolume } from './volumes.ts'

/** Something on the engine that outlives sessions. */
export interface Kept {
  readonly kind: 'workspace' | 'image'
  /** Name of the volume, or tag of the image. */
  readonly name: string
  /** Of an image; the engine does not say it of a volume. */
  readonly bytes: number | undefined
  readonly remove: () => Promise<boolean>
}

/** Prepared workspaces and images made before a time, ms; what a session holds is not among them. Removes nothing. */
export async function keptBefore(docker: Docker, time: number): Promise<readonly Kept[]> {
  return [...(await workspacesBefore(docker, time)), ...(await imagesBefore(docker, time))]
}

async function workspacesBefore(docker: Docker, time: number): Promise<readonly Kept[]> {
  const [markers, holds] = await Promise.all([
    listVolumes(docker, `${CACHE_LABEL}=seal`),
    listVolumes(docker, HOLDS_LABEL),
  ])
  const held = new Set(holds.map(({ Labels }) => Labels?.[HOLDS_LABEL]))
  return markers.flatMap((marker): Kept[] => {
    const { CreatedAt = '' } = marker as { readonly CreatedAt?: string }
    const volume = marker.Labels?.[VOLUME_LABEL]
    if (volume === undefined || held.has(volume) || !(Date.parse(CreatedAt) < time)) return []
    const remove = async (): Promise<boolean> =>
      (await removePrepared(docker, volume)) && (await removeVolume(docker, marker.Name))
    return [{ kind: 'workspace', name: volume, bytes: undefined, remove }]
  })
}

async function imagesBefore(docker: Docker, time: number): Promise<readonly Kept[]> {
  const filters = JSON.stringify({ label: [`${CACHE_LABEL}=image`] })
  const images = await docker.listImages({ filters })
  return images
    .filter(({ Created }) => Created * 1000 < time)
    .flatMap(({ RepoTags, Size }) =>
      (RepoTags ?? []).map((name): Kept => {
        // One that a container or another image stands on stays.
        const remove = (): Promise<boolean> =>
          docker
            .getImage(name)
            .remove()
            .then(
              () => true,
              () => false,
            )
        return { kind: 'image', name, bytes: Size, remove }
      }),
    )
}
