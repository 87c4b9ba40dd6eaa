import Docker from 'dockerode'
import { SESSION_LABEL, STORE_LABEL, VOLUME_LABEL } from '../../src/runner/docker/labels.ts'

/** Where the engine listens, for tests that put something in between. */
export const engineSocket = process.env.DOCKER_HOST?.replace(/^unix:\/\//, '') ?? '/var/run/docker.sock'

/** Containers and volumes that a session left on the engine; what it prepared and sealed is kept on purpose. */
export async function leftovers(
  session: string,
  docker = new Docker({ socketPath: engineSocket }),
): Promise<readonly string[]> {
  const filters = { label: [`${SESSION_LABEL}=${session}`] }
  const containers = await docker.listContainers({ all: true, filters })
  const { Volumes: volumes } = await docker.listVolumes({ filters: JSON.stringify(filters) })
  const { Volumes: seals } = await docker.listVolumes({ filters: JSON.stringify({ label: [VOLUME_LABEL] }) })
  const sealed = new Set(
    seals
      .flatMap(({ Labels }) => [Labels?.[VOLUME_LABEL], Labels?.[STORE_LABEL]])
      .filter((name) => name !== undefined),
  )
  return [
    ...containers.map(({ Id }) => Id),
    ...volumes.map(({ Name }) => Name).filter((name) => !sealed.has(name)),
  ]
}
