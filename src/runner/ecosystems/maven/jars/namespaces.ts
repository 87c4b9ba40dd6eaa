import type { NamespacesOf } from '../../ecosystem.ts'
import { askArchive } from '../../release/reader.ts'
import type { MavenRepository } from '../repository.ts'
import type { NamedJar } from './zip.ts'

/** Jars whose Java packages are asked for, in the order of the answer. */
export interface PackagesJob {
  readonly jars: readonly NamedJar[]
}

interface JarSource {
  readonly repository: MavenRepository
  /** Program of the reader's thread. */
  readonly reader: string
}

/** Jars that are read at once, and bytes of one. */
const most = { atOnce: 16, bytes: 50_000_000 } as const

/** Java packages of published jars; one that cannot be had or read has none. */
export function mavenNamespaces({ repository, reader }: JarSource): NamespacesOf {
  const jarOf = async (name: string, version: string, signal?: AbortSignal): Promise<NamedJar> => {
    const [groupId = '', artifactId = ''] = name.split(':')
    const bytes = await repository
      .file({ groupId, artifactId, version }, '.jar', signal)
      .catch(() => undefined)
    signal?.throwIfAborted()
    const fits = bytes !== undefined && bytes.length <= most.bytes
    return { name, bytes: fits ? bytes : new Uint8Array() }
  }
  return async (packages, signal) => {
    const found = new Map<string, readonly string[]>()
    for (let at = 0; at < packages.length; at += most.atOnce) {
      const some = packages.slice(at, at + most.atOnce)
      const jars = await Promise.all(some.map(({ name, version }) => jarOf(name, version, signal)))
      const job: PackagesJob = { jars }
      const lists = await askArchive<readonly (readonly string[])[]>(
        reader,
        { of: 'maven', own: job },
        signal,
      )
      for (const [index, { name }] of jars.entries()) found.set(name, lists?.[index] ?? [])
    }
    return found
  }
}
