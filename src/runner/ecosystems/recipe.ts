import type { Warning } from '../../contract/verdict.ts'
import type { InstallWords } from './installWords.ts'

/** Folder in the workspace for a package manager's own store; gone after the install phase. */
export const installScratch = '.drydock-install'

export interface InstallScript {
  readonly argv: readonly string[]
  readonly env: Readonly<Record<string, string>>
  /** Relative to the workspace; its root where undefined. */
  readonly cwd?: string
  /** As a person would type it. */
  readonly display: string
}

/** How dependencies come into a workspace. */
export interface InstallRecipe {
  /** What the install container gets: reduced manifests and configuration, nothing else. */
  readonly files: ReadonlyMap<string, Buffer>
  /** The package manager's own files, which lie outside of the workspace and stay with it: `/drydock-store`. */
  readonly store?: ReadonlyMap<string, Buffer>
  /** Shell-free argv, run by the relay in the install container, cwd /workspace. */
  readonly command: readonly string[]
  readonly env: Readonly<Record<string, string>>
  /**
   * Folder in the workspace, in the layout of `cacache`, from which the package manager takes what has the integrity that
   * it wants before it asks for it; gone after the install phase.
   */
  readonly contents?: string
  /** Lock files to read back afterwards, where it is to write them. */
  readonly outputs: readonly string[]
  /** An output as the user's own package manager would have written it: no address of the relay is left. */
  readonly restore: (path: string, bytes: Buffer) => Buffer
  /** Integrity that the lock file demands, by path at the relay. */
  readonly pins: ReadonlyMap<string, string>
  /** Packages that the lock file names. */
  readonly packages: number
  /** Names of the folders that hold installed packages; nothing else of the install phase survives. */
  readonly keep: readonly string[]
  /** Offline, in a project container, once the source is there; a failure is reported, not fatal. */
  readonly scripts: readonly InstallScript[]
  readonly warnings: readonly Warning[]
  /** One line: what to try first where the install fails. */
  readonly hint?: string
  readonly words: InstallWords
  /** Host of the registry that packages come from. */
  readonly registryHost?: string
  /** The way from a manifest to a package of that name: the manifest, then what stands between; empty where unknown. */
  readonly neededBy?: (name: string) => readonly string[]
}

/** How files that a repository keeps beside its lock file are written. */
export interface CompanionRecipe extends InstallRecipe {
  /** Paths of those that are there. */
  readonly kept: readonly string[]
  /** Archives of packages, each named by its content. */
  readonly archives?: { readonly folder: string; readonly paths: readonly string[] }
  /** A kept file as it should be committed, where another version of the package manager wrote the one before. */
  readonly merge: (before: Buffer, after: Buffer) => Buffer
  /** Whether an archive belongs to nothing that the lock file names. */
  readonly isGone: (path: string) => boolean
}
