import { createHash } from 'node:crypto'
import cacache from 'cacache'
import type { PublishedVersion } from './reader.ts'
import type { Release } from './release.ts'

/** Goes up with what a release is read for, so that nothing of an older reader is taken. */
const recipe = 7

/** What a reader made of two versions; `whole` where nothing of it is missing for want of time or of a registry. */
export interface ReadRelease {
  readonly release: Release | undefined
  readonly whole: boolean
}

/** What was read once of the same two files need not be read again; a damaged entry is as if it were not there. */
export async function keptRelease(
  cacheDir: string,
  versions: readonly PublishedVersion[],
  read: () => Promise<ReadRelease>,
): Promise<Release | undefined> {
  const digests = versions.map(({ bytes }) => createHash('sha256').update(bytes).digest('hex'))
  const key = `release:${recipe}:${digests.join(':')}`
  const folder = `${cacheDir}/releases`
  const kept = await cacache.get(folder, key, { memoize: false }).catch(() => undefined)
  if (kept !== undefined) return JSON.parse(kept.data.toString('utf8')) as Release
  const { release, whole } = await read()
  if (release !== undefined && whole)
    await cacache.put(folder, key, JSON.stringify(release), { memoize: false })
  return release
}
