import type { Readable, Writable } from 'node:stream'
import type { ImageNeed } from '../toolchains/need.ts'

/** What a container is for; decides its limits, mounts and whether its stdio may carry frames. */
export type ContainerKind = 'agent' | 'project' | 'install'

export interface Image {
  readonly id: string
  /** Content digest that goes into cache keys. */
  readonly digest: string
  readonly need: ImageNeed
}

/** A volume that a prepared workspace lives in; once sealed it is only ever mounted read-only. */
export interface SealedWorkspace {
  readonly volume: string
  readonly key: string
  /** Volume of the package manager's own files, mounted beside it. */
  readonly store?: string
}

/** A writable /workspace, and store, over a sealed one; the lower layers stay untouched. */
export interface Workspace {
  readonly volume: string
  readonly dispose: () => Promise<void>
}

export interface ContainerSpec {
  readonly kind: ContainerKind
  readonly image: Image
  /** PID 1; undefined for a container that only waits for `exec`. */
  readonly command?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  readonly cwd?: string
  /** Mounted at /workspace: a copy-on-write workspace, or an unsealed volume being prepared. */
  readonly workspace?: Workspace | { readonly unsealed: string; readonly store?: boolean }
  /** Further volumes mounted read-only. */
  readonly readOnly?: readonly { readonly volume: string; readonly target: string }[]
  /** Tar archives unpacked before start, as the container's user. Paths are relative to `path`. */
  readonly files?: readonly { readonly path: string; readonly archive: Readable }[]
}

export interface Exit {
  /** From the engine; null when ended by time-out, cancellation or signal. */
  readonly exitCode: number | null
  readonly timedOut: boolean
  readonly cancelled: boolean
  readonly outOfMemory: boolean
  /** Ended because the volume it prepares outgrew its limit. */
  readonly diskFull?: boolean
  /** Ended because the watch over that volume could not be started. */
  readonly unwatched?: boolean
  readonly durationMs: number
}

export interface ExecOptions {
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
  readonly timeoutMs: number
  /** Captured output is cut at this many bytes, head and tail kept. */
  readonly maxOutputBytes: number
  readonly signal?: AbortSignal
  readonly onOutput?: (chunk: Buffer) => void
}

export interface ExecResult extends Exit {
  /** stdout and stderr in order of arrival. */
  readonly output: Buffer
  readonly truncated: boolean
}

export interface Container {
  readonly id: string
  /** Demultiplexed stdio of PID 1, attached before start. */
  readonly stdin: Writable
  readonly stdout: Readable
  readonly stderr: Readable
  readonly exited: Promise<Exit>
  /** A time-out or cancellation removes the container: an exec's process cannot be ended otherwise. */
  exec(argv: readonly string[], options: ExecOptions): Promise<ExecResult>
  putArchive(path: string, archive: Readable): Promise<void>
  /** Reads a regular file, at most `maxBytes`; undefined where there is none. */
  readFile(path: string, maxBytes: number): Promise<Buffer | undefined>
  remove(): Promise<void>
}

/** Everything of Docker the rest of the runner sees. One instance a session. */
export interface Sandbox {
  /** Builds the image on first use. */
  image(need: ImageNeed, onProgress: (message: string) => void, signal?: AbortSignal): Promise<Image>
  /** Finds a sealed workspace by content key. */
  findSealed(key: string): Promise<SealedWorkspace | undefined>
  /** A new empty volume of this session, to be prepared and then sealed or removed; with `store` a second beside it. */
  createVolume(store?: boolean): Promise<string>
  /** Makes the volume a cached, read-only one, found by `key` from now on. */
  seal(volume: string, key: string): Promise<SealedWorkspace>
  removeVolume(volume: string): Promise<void>
  /** A copy-on-write workspace with byte and inode limits. */
  workspace(sealed: SealedWorkspace): Promise<Workspace>
  start(spec: ContainerSpec, signal?: AbortSignal): Promise<Container>
  /** Removes everything of this session that is not sealed. */
  dispose(): Promise<void>
}
