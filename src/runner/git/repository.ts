import type { Readable } from 'node:stream'
import type { Patch } from '../../contract/patch.ts'

export interface TreeEntry {
  readonly path: string
  /** 120000 is a symlink, 160000 a submodule. */
  readonly mode: '100644' | '100755' | '120000' | '160000'
  readonly blob: string
  /** Bytes; 0 for a submodule. */
  readonly size: number
}

/** Who a commit is by. */
export interface Identity {
  readonly name: string
  readonly email: string
}

/** How the user's git signs commits: the settings that it goes by, of their own configuration. */
export interface Signing {
  readonly settings: readonly (readonly [string, string])[]
  /** Longest wait for the key, ms: one that asks in a window or at a terminal waits for a person. */
  readonly patienceMs: number
  readonly signal?: AbortSignal
}

/**
 * What a merge of two commits comes to: a tree, or the paths that both changed in ways that do not go together, with the
 * tree that has git's marks in them.
 */
export type Merged =
  | { readonly tree: string }
  | { readonly conflicts: readonly string[]; readonly marked: string }

/** The session's bare repository: plumbing only, empty configuration, borrowed objects read-only. */
export interface BareRepository {
  readonly dir: string
  entries(tree: string): Promise<readonly TreeEntry[]>
  /** The bytes of one file; undefined where the tree has none. */
  read(tree: string, path: string): Promise<Buffer | undefined>
  /** A tar of the given entries' raw blobs, symlinks as links, owned by the container's user. */
  archive(entries: readonly TreeEntry[]): Readable
  /** A tree with the patch applied; throws `patch-refused` where policy or git refuses. */
  apply(tree: string, patchText: string): Promise<string>
  /** A tree with files replaced (bytes) or removed (null). */
  withFiles(tree: string, files: ReadonlyMap<string, Buffer | null>): Promise<string>
  /** The change between two trees, as a patch against `baseCommit`. */
  diff(baseCommit: string, fromTree: string, toTree: string): Promise<Patch>
  /** Entries that `to` adds or changes, and paths it deletes. */
  changes(
    fromTree: string,
    toTree: string,
  ): Promise<{ readonly written: readonly TreeEntry[]; readonly deleted: readonly string[] }>
  /** A tar of a fresh `.git` folder whose HEAD is one parentless commit of the tree, index included. */
  oneCommitGit(tree: string): Promise<Readable>
  /** When a commit was made, UTC. */
  committed(commit: string): Promise<string>
  /** Two commits brought together, or what does not go together in them. */
  merge(ours: string, theirs: string): Promise<Merged>
  isAncestor(commit: string, of: string): Promise<boolean>
  /** By Drydock itself where no identity is given. */
  commit(
    tree: string,
    parents: string | readonly string[],
    message: string,
    identity?: Identity,
    signing?: Signing,
  ): Promise<string>
  /** First lines of the messages of the newest commits before it and itself, merges apart. */
  subjects(commit: string, most: number): Promise<readonly string[]>
}

/** The repository at a commit: what a session works on. */
export interface Snapshot {
  readonly commit: string
  /** Tree of what was packaged: the commit's, with uncommitted changes and without left-out files. */
  readonly tree: string
  readonly entries: readonly TreeEntry[]
  /** Paths left out because they look like secrets. */
  readonly excluded: readonly string[]
}
