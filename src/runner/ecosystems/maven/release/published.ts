import type { Coordinates } from '../../../registries/maven/coordinates.ts'
import { inOrder } from '../../release/difference.ts'
import { keptRelease } from '../../release/kept.ts'
import { readRelease } from '../../release/reader.ts'
import type { ApiChange, Release } from '../../release/release.ts'
import type { Parent, Pom } from '../pom/pom.ts'
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
  const read = async () => ({
    release: await readRelease(reader, { of: 'maven', from, to }, signal),
    whole: true,
  })
  const release = await keptRelease(cacheDir, [from, to], read)
  if (release === undefined) return undefined
  const [had, has] = await Promise.all(
    [update.from, update.to].map((version) => brought(repository, { groupId, artifactId, version })),
  )
  return { ...release, changes: [...broughtChanges(had, has), ...release.changes].sort(inOrder) }
}

const maxParents = 10

/** `groupId:artifactId` of what an artifact brings by itself; undefined where a POM of it cannot be read. */
async function brought(
  repository: MavenRepository,
  coordinates: Coordinates,
): Promise<ReadonlySet<string> | undefined> {
  const found = new Set<string>()
  let at: Coordinates | undefined = coordinates
  for (let depth = 0; at !== undefined; depth += 1) {
    const pom: Pom | undefined = depth > maxParents ? undefined : await repository.pom(at)
    if (pom === undefined) return undefined
    for (const { groupId, artifactId, scope = 'compile', optional } of pom.main.dependencies)
      if (!optional && /^(?:compile|runtime)$/.test(scope))
        found.add(`${groupId.replace(/^\$\{(?:project|pom)\.groupId\}$/, coordinates.groupId)}:${artifactId}`)
    const parent: Parent | undefined = pom.parent
    at =
      parent?.version === undefined
        ? undefined
        : { groupId: parent.groupId, artifactId: parent.artifactId, version: parent.version.text }
  }
  return found
}

/** What a project may have used without declaring it is gone with a version that no longer brings it. */
function broughtChanges(
  before: ReadonlySet<string> | undefined,
  after: ReadonlySet<string> | undefined,
): readonly ApiChange[] {
  if (before === undefined || after === undefined) return []
  const change =
    (kind: 'removed' | 'added') =>
    (name: string): ApiChange => {
      return { name, word: name, kind, of: 'package', before: [], after: [] }
    }
  const [gone, come] = [
    [...before].filter((one) => !after.has(one)),
    [...after].filter((one) => !before.has(one)),
  ]
  return [...gone.map(change('removed')), ...come.map(change('added'))]
}
