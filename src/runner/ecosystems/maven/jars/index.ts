import { posix } from 'node:path'
import { type DocumentAnswer, jarAddress } from '../../../../contract/agent.ts'
import type { Archives } from '../../ecosystem.ts'
import { askArchive } from '../../release/reader.ts'
import { mavenHome } from '../install/layout.ts'
import type { MavenRepository } from '../repository.ts'
import type { JarEntryJob } from './entry.ts'
import { type InstalledJar, installedJars, jarOf } from './installed.ts'
import type { NamedJar } from './zip.ts'

interface JarSource {
  readonly repository: MavenRepository
  /** Program of the reader's thread. */
  readonly reader: string
}

const maxBytes = 200_000_000

/** Reads entries of the jars that Maven installed, and of those that the repository keeps among its files. */
export function mavenArchives({ repository, reader }: JarSource): Archives {
  const withoutSources = new Set<string>()

  async function sourcesOf(jar: InstalledJar, signal: AbortSignal): Promise<NamedJar | undefined> {
    if (withoutSources.has(jar.path)) return undefined
    const suffix = jar.classifier === 'tests' ? '-test-sources.jar' : '-sources.jar'
    // Where they cannot be had now, the class itself still tells its signatures.
    const found = await published(repository, jar, suffix, signal).catch(unlessAborted(signal))
    if (found === undefined) withoutSources.add(jar.path)
    return found
  }

  async function entryOf(jar: NamedJar, entry: string, signal: AbortSignal, sources?: NamedJar) {
    if (jar.bytes.length > maxBytes) return { refused: `${jar.name} is too large to be read` }
    const job: JarEntryJob = { jar, entry, ...(sources === undefined ? {} : { sources }) }
    const read = await askArchive<DocumentAnswer>(reader, { of: 'maven', own: job }, signal)
    return read ?? { refused: `${jar.name} cannot be read within the limits of time and memory` }
  }

  return {
    list: ['/usr/bin/find', `${mavenHome}/repository`, '-type', 'f', '-name', '*.jar', '-printf', '%P\\n'],
    read: async ({ address, listing, tree }, signal): Promise<DocumentAnswer> => {
      const { jar: wanted, entry } = jarAddress(address) ?? { jar: address, entry: '' }
      const own = posix.normalize(wanted.replace(/^\/workspace\//, ''))
      const bytes = tree.paths.includes(own) ? await tree.read(own) : undefined
      if (bytes !== undefined) return await entryOf({ name: own, bytes }, entry, signal)
      const found = jarOf(installedJars(await listing()), wanted)
      if ('refused' in found) return found
      const suffix = found.classifier === undefined ? '.jar' : `-${found.classifier}.jar`
      const jar = await published(repository, found, suffix, signal).catch(unlessAborted(signal))
      if (jar === undefined) return { refused: `${posix.basename(found.path)} cannot be had at the moment` }
      return await entryOf(jar, entry, signal, await sourcesOf(found, signal))
    },
  }
}

async function published(
  repository: MavenRepository,
  { coordinates }: InstalledJar,
  suffix: string,
  signal: AbortSignal,
): Promise<NamedJar | undefined> {
  const bytes = await repository.file(coordinates, suffix, signal)
  const name = `${coordinates.artifactId}-${coordinates.version}${suffix}`
  return bytes === undefined ? undefined : { name, bytes }
}

function unlessAborted(signal: AbortSignal): (error: unknown) => undefined {
  return () => signal.throwIfAborted() as undefined
}
