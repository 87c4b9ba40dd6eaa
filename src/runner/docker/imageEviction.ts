import type Docker from 'dockerode'
import { CACHE_LABEL } from './labels.ts'

/** Older images of one name that stay: other checkouts and running sessions may use them. */
const KEPT_IMAGES = 8

/** Removes the oldest images of a name beyond the newest few; one in use stays. */
export async function evictImages(docker: Docker, repository: string): Promise<void> {
  const filters = { label: [`${CACHE_LABEL}=image`], reference: [repository] }
  const images = await docker.listImages({ filters: JSON.stringify(filters) })
  const old = images.sort((a, b) => b.Created - a.Created).slice(KEPT_IMAGES)
  const tags = old.flatMap((image) => image.RepoTags ?? [])
  await Promise.allSettled(tags.map((tag) => docker.getImage(tag).remove()))
}
