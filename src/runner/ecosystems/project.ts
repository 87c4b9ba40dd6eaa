import type { Ecosystem as EcosystemId } from '../../contract/ecosystems/index.ts'
import type { RepositoryConfig } from '../../contract/settings.ts'
import type { ImageNeed } from '../toolchains/need.ts'

/** Reads a file of the tree in question; undefined where there is none. */
export type ReadFile = (path: string) => Promise<Buffer | undefined>

/** A tree as an ecosystem sees it: names and bytes, no disk. */
export interface Tree {
  readonly paths: readonly string[]
  readonly read: ReadFile
  /** Where it is a folder of a repository, the folder's path in it; what lies outside can be read as `../other`. */
  readonly folder?: string
  /** Paths outside the folder, as they look from it. */
  readonly around?: readonly string[]
}

/** A file that says which versions of its packages a project gets. */
export interface Lock {
  readonly path: string
  /** Name and version of the tool that writes it, for a person: `pnpm@10`. */
  readonly writer: string
}

/** What an ecosystem found in a tree. */
export interface Project {
  readonly ecosystem: EcosystemId
  /** Name and version of the tool that installs. */
  readonly packageManager: string
  /** All manifests, the root's first. */
  readonly manifests: readonly string[]
  /**
   * What says which versions are installed: lock files, or the manifests alone, which name each of them; then there is no
   * lock file to write or to keep.
   */
  readonly versionsIn: 'locks' | 'manifests'
  /** Those in the tree. Where there are none although versions are in locks, they are made once for the session and never committed. */
  readonly locks: readonly Lock[]
  readonly image: ImageNeed
  /** Version of the tool chain and what decided it, for a person: `Node 20 (.nvmrc)`. */
  readonly toolchain?: string
  readonly config: RepositoryConfig
  /** Peers that do not fit are passed over: its lock file was made so. */
  readonly legacyPeers?: true
}
