import type { Move } from '../../contract/events.ts'
import type { Choosable } from '../../contract/outdated.ts'
import type { Warning } from '../../contract/verdict.ts'
import type { Project } from './project.ts'

/** One declared dependency for which the registry has something newer. */
export interface Outdated {
  readonly name: string
  readonly manifest: string
  /** `prod`, or what its ecosystem calls the place: `dev`, `peer`, `optional`, `test`, `provided`, `plugin`, `parent`. */
  readonly group: string
  /** What gives it its version: an update of that one moves it. */
  readonly through?: string
  readonly range: string
  readonly current: string
  readonly wanted: string
  readonly latest: string
  readonly change: 'major' | 'minor' | 'patch' | 'none'
  /** The newest of each major from the current one on, the newest first. */
  readonly choices?: readonly Choosable[]
}

/** One run of the package manager that writes the lock files. */
export interface Pass {
  /** Manifests that it writes them for, and that stand in the patch where its result counts. */
  readonly manifests: ReadonlyMap<string, Buffer>
  /** Tried once more where this pass leads to the planned versions; its result counts instead where they hold. */
  readonly loosened?: {
    readonly manifests: ReadonlyMap<string, Buffer>
    /** A lock file of the pass, made to fit these manifests: where the second try starts. */
    readonly adapt: (path: string, bytes: Buffer) => Buffer
  }
}

/** The manifest edit an update starts with, and how lock files are written from it. */
export interface UpdatePlan {
  readonly from: string
  readonly to: string
  readonly moves: readonly Move[]
  /** Edited manifests. */
  readonly files: ReadonlyMap<string, Buffer>
  /**
   * Passes in turn until one leads to the planned versions; where even the last one does not, the update is refused.
   * Empty: the manifests alone decide, and `files` is all there is to write.
   */
  readonly resolution: readonly Pass[]
  /** Version of every package that moves, by its declared name. */
  readonly versions: ReadonlyMap<string, string>
  /** Name at the registry, where the asked one stands for another. */
  readonly means?: string
  /** Manifests that had something newer already, which was not asked to go back. */
  readonly left?: ReadonlySet<string>
  /** What a person must know of the manifests' edits. */
  readonly warnings?: readonly Warning[]
  /** The project on tools that the new version asks for, where those it has were guessed, and what is to be said before and then. */
  readonly newerTools?: { readonly project: Project; readonly trying: Warning; readonly warning: Warning }
}

/** What one declaration of a package comes to, by the lock file or by the build's model. */
export interface Resolved {
  readonly manifest: string
  /** What the manifest takes it from where that is no version of a registry, as written. */
  readonly elsewhere?: string
  /** Name at the registry that the manifest means, where that is another one. */
  readonly means?: string
  /** Name of what it comes to, where that is not what the manifest means. */
  readonly instead?: string
  /** Undefined where nothing is resolved for it. */
  readonly version?: string
  /** Nothing has to be there: a peer, or an optional dependency. */
  readonly optional?: true
  /** Why it takes no part in what is built and checked. */
  readonly aside?: string
  /** A workspace cannot be asked for it: a plugin, a parent, an entry that only manages. */
  readonly unasked?: true
  /** What decides the version, where the manifest itself does not: `pnpm.overrides.ms in package.json`. */
  readonly by?: string
}
