import { setTimeout as delay } from 'node:timers/promises'
import type Docker from 'dockerode'
import { SESSION_LABEL } from './labels.ts'
import { removeContainer } from './running.ts'
import { listVolumes, removeVolume, sealedVolumes } from './volumes.ts'

const ROUNDS = 5

/**
 * Removes what a session left on the engine: its containers and its volumes that no seal names.
 * Safe to repeat; things half made or half removed do not stop it. Call it only where the
 * session's lock is free. Returns what it could not remove.
 */
export async function sweep(docker: Docker, sessionId: string): Promise<readonly string[]> {
  let left: readonly string[] = []
  for (let round = 0; round < ROUNDS; round++) {
    if (round > 0) await delay(100 * round)
    left = await sweepOnce(docker, sessionId)
    if (left.length === 0) return left
  }
  return left
}

async function sweepOnce(docker: Docker, sessionId: string): Promise<readonly string[]> {
  const label = `${SESSION_LABEL}=${sessionId}`
  const containers = await docker.listContainers({ all: true, filters: { label: [label] } })
  const gone = await Promise.allSettled(containers.map(({ Id }) => removeContainer(docker.getContainer(Id))))
  const stuck = containers.filter((_, index) => gone[index]?.status === 'rejected').map(({ Id }) => Id)
  const volumes = await listVolumes(docker, label)
  const sealed = volumes.length > 0 ? await sealedVolumes(docker) : new Set<string>()
  const mine = volumes.map((volume) => volume.Name).filter((name) => !sealed.has(name))
  const removed = await Promise.allSettled(mine.map((name) => removeVolume(docker, name)))
  return [...stuck, ...mine.filter((_, index) => !isTrue(removed[index]))]
}

function isTrue(result: PromiseSettledResult<boolean> | undefined): boolean {
  return result?.status === 'fulfilled' && result.value
}

/** Sessions that have left something on the engine. */
export async function sessionsWithLeftovers(docker: Docker): Promise<readonly string[]> {
  const [containers, volumes, sealed] = await Promise.all([
    docker.listContainers({ all: true, filters: { label: [SESSION_LABEL] } }),
    listVolumes(docker, SESSION_LABEL),
    sealedVolumes(docker),
  ])
  const ids = [
    ...containers.map((container) => container.Labels[SESSION_LABEL]),
    ...volumes.filter(({ Name }) => !sealed.has(Name)).map((volume) => volume.Labels?.[SESSION_LABEL]),
  ]
  return [...new Set(ids.filter((id) => id !== undefined))]
}

const abandonedAfterMs = 7 * 86_400_000

/**
 * Sessions that left something on the engine, that this home does not know, that began more than a week ago (the id
 * says when) and have no container that runs: their home is gone, or its next start has been long in coming.
 */
export async function abandonedSessions(
  docker: Docker,
  own: ReadonlySet<string>,
  now: Date,
): Promise<readonly string[]> {
  const running = await docker.listContainers({ filters: { label: [SESSION_LABEL] } })
  const living = new Set(running.map(({ Labels }) => Labels[SESSION_LABEL]))
  const left = await sessionsWithLeftovers(docker)
  return left.filter(
    (id) => !own.has(id) && !living.has(id) && begunBefore(id, now.getTime() - abandonedAfterMs),
  )
}

function begunBefore(id: string, time: number): boolean {
  const [, date = '', hour = ''] = /^(\d{8})-(\d{6})-/.exec(id) ?? []
  const iso = `${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6)}T${hour.slice(0, 2)}:${hour.slice(2, 4)}:${hour.slice(4)}Z`
  return Date.parse(iso) < time
}
