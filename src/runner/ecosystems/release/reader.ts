import { Worker } from 'node:worker_threads'
import type { DocumentAnswer } from '../../../contract/agent.ts'
import type { JarEntryJob } from '../maven/jars/entry.ts'
import type { Pair } from '../npm/release/brought.ts'
import type { Outline, OutlineJob } from '../npm/release/outline.ts'
import type { Release } from './release.ts'

/** One of the two published files that are compared. */
export interface PublishedVersion {
  readonly version: string
  readonly bytes: Uint8Array
}

/** Two published files to compare; `kind` says which format they have. */
export interface ReadingJob {
  readonly kind: 'npm' | 'jar'
  readonly from: PublishedVersion
  readonly to: PublishedVersion
  /** Packages that are read beside it. */
  readonly beside?: readonly Pair[]
}

export interface ReadingLimits {
  readonly timeoutMs: number
  readonly memoryMb: number
}

const defaults: ReadingLimits = { timeoutMs: 30_000, memoryMb: 1024 }

/** Compares two published versions; see `inThread`. */
export async function readRelease(
  script: string,
  job: ReadingJob,
  signal?: AbortSignal,
  limits: ReadingLimits = defaults,
): Promise<Release | undefined> {
  return await inThread<Release>(script, job, signal, limits)
}

/** What two published packages of npm say of themselves; see `inThread`. */
export async function readOutlines(
  script: string,
  job: Omit<OutlineJob, 'kind'>,
  signal?: AbortSignal,
  limits: ReadingLimits = { ...defaults, timeoutMs: 10_000 },
): Promise<readonly [Outline, Outline] | undefined> {
  return await inThread(script, { kind: 'outline', ...job }, signal, limits)
}

/** Reads an entry of a jar; see `inThread`. */
export async function readJarEntry(
  script: string,
  job: JarEntryJob,
  signal?: AbortSignal,
  limits: ReadingLimits = { ...defaults, timeoutMs: 10_000 },
): Promise<DocumentAnswer | undefined> {
  return await inThread<DocumentAnswer>(script, job, signal, limits)
}

/**
 * Reads published files in a thread of its own, whose time and memory are bounded: the files are strangers'. `script` is
 * the program of `worker.ts`, built or not. Undefined where it did not come to an end.
 */
async function inThread<Result>(
  script: string,
  job: ReadingJob | JarEntryJob | OutlineJob,
  signal: AbortSignal | undefined,
  limits: ReadingLimits,
): Promise<Result | undefined> {
  signal?.throwIfAborted()
  const worker = new Worker(script, {
    workerData: job,
    env: {},
    argv: [],
    resourceLimits: { maxOldGenerationSizeMb: limits.memoryMb, stackSizeMb: 8 },
  })
  const timer = AbortSignal.timeout(limits.timeoutMs)
  const ended = AbortSignal.any(signal === undefined ? [timer] : [timer, signal])
  try {
    return await new Promise<Result | undefined>((resolve) => {
      worker.once('message', (result: Result) => resolve(result))
      worker.on('error', () => resolve(undefined))
      worker.once('exit', () => resolve(undefined))
      ended.addEventListener('abort', () => resolve(undefined), { once: true })
    })
  } finally {
    await worker.terminate()
    signal?.throwIfAborted()
  }
}
