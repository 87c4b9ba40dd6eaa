import { failures } from '../../../contract/failures.ts'
import { whole } from '../../broker/held.ts'
import { Refusal } from '../../broker/refusal.ts'
import { type Coordinates, folderOf, pathOf } from '../../registries/maven/coordinates.ts'
import type { MavenHost } from '../../registries/maven/host.ts'
import { createMavenSource, type MavenSource } from '../../registries/maven/source.ts'
import { descend, each, parseXml } from '../../xml.ts'
import type { FetchPom } from './pom/model.ts'
import { readPom } from './pom/pom.ts'

/** The user's Maven repositories, asked from the host. */
export interface MavenRepository {
  /** Versions that the metadata of all repositories list. Throws `no-such-package` where none knows the artifact. */
  versions(groupId: string, artifactId: string, signal?: AbortSignal): Promise<readonly string[]>
  /** When the repositories got each of the versions, as far as they say so; UTC. */
  published(
    name: string,
    versions: readonly string[],
    signal?: AbortSignal,
  ): Promise<ReadonlyMap<string, string>>
  readonly pom: FetchPom
  /** Bytes of a release's file, checked against its checksum. */
  file(coordinates: Coordinates, suffix: string, signal?: AbortSignal): Promise<Buffer | undefined>
}

const maxBytes = 200_000_000

export function createRepository(host: MavenHost, cacheDir: string): MavenRepository {
  const { upstreams, connection } = host
  const source = createMavenSource({ upstreams, connection, cacheDir, maxBytes })
  const file: MavenRepository['file'] = async (coordinates, suffix, signal) => {
    const path = pathOf(coordinates, suffix)
    const found = path === undefined ? undefined : await source.get(path, signal).catch(asFailure)
    return found === undefined ? undefined : await whole(found.body).catch(asFailure)
  }
  return {
    file,
    versions: (groupId, artifactId, signal) => versions(source, groupId, artifactId, signal),
    published: (name, of, signal) => published(source, name, of, signal),
    pom: async (coordinates) => {
      const bytes = await file(coordinates, '.pom')
      const { groupId, artifactId, version } = coordinates
      return bytes === undefined ? undefined : read(`${groupId}:${artifactId}:${version}`, bytes)
    },
  }
}

async function published(
  source: MavenSource,
  name: string,
  versions: readonly string[],
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const [groupId = '', artifactId = ''] = name.split(':')
  const asked = versions.map(async (version) => {
    const path = pathOf({ groupId, artifactId, version }, '.pom')
    const at = path === undefined ? undefined : await source.modified(path, signal).catch(asFailure)
    return at === undefined ? [] : [[version, at.toISOString()] as const]
  })
  return new Map((await Promise.all(asked)).flat())
}

/** What a repository holds may be broken; that is as if it were not there. */
function read(name: string, bytes: Buffer): ReturnType<typeof readPom> | undefined {
  try {
    return readPom(name, bytes, false)
  } catch {
    return undefined
  }
}

async function versions(
  source: MavenSource,
  groupId: string,
  artifactId: string,
  signal?: AbortSignal,
): Promise<readonly string[]> {
  const folder = folderOf(groupId, artifactId)
  const documents =
    folder === undefined ? [] : await source.all(`${folder}/maven-metadata.xml`, signal).catch(asFailure)
  const lists = documents.map(({ body }) => versionsIn(body))
  const found = new Set(lists.flatMap((list) => list ?? []))
  const name = `${groupId}:${artifactId}`
  // A sign-in page that answers for everything has not said that there is no such artifact.
  const strange = documents[lists.indexOf(undefined)]
  if (found.size === 0 && strange !== undefined) throw failures.registryGarbled(strange.host, name)
  if (found.size === 0) throw failures.noSuchPackage(name)
  return [...found]
}

/** Undefined where it is no metadata. */
function versionsIn(document: Buffer): string[] | undefined {
  try {
    const root = parseXml(document.toString('utf8'))
    if (root.name !== 'metadata') return undefined
    return each(descend(root, 'versioning', 'versions'), 'version').map(({ text }) => text)
  } catch {
    return undefined
  }
}

function asFailure(error: unknown): never {
  if (error instanceof Refusal) throw failures.registry(error.failure)
  throw error
}
