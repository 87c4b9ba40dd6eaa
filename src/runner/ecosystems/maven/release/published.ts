import { keptRelease } from '../../release/kept.ts'
import { readRelease } from '../../release/reader.ts'
import type { Release } from '../../release/release.ts'
import type { MavenRepository } from '../repository.ts'

interface ReleaseSource {
  readonly repository: MavenRepository
  readonly cacheDir: string
  /** Program of the reader's thread. */
  readonly reader: string
}

/** Reads the two jars of an update; undefined where one of the versions has none. Throws what the repository throws. */
export async function publishedRelease(
  update: { readonly package: string; readonly from: string; readonly to: string },
  { repository, cacheDir, reader }: ReleaseSource,
  signal?: AbortSignal,
): Promise<Release | undefined> {
  const [groupId = '', artifactId = ''] = update.package.split(':')
  const jar = async (version: string) => ({
    version,
    bytes: await repository.file({ groupId, artifactId, version }, '.jar', signal),
  })
  const [before, after] = await Promise.all([jar(update.from), jar(update.to)])
  if (before.bytes === undefined || after.bytes === undefined) return undefined
  const from = { version: before.version, bytes: before.bytes }
  const to = { version: after.version, bytes: after.bytes }
  return await keptRelease(cacheDir, [from, to], () => readRelease(reader, { kind: 'jar', from, to }, signal))
}
