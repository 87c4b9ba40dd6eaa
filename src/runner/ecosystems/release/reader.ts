import { Worker } from 'node:worker_threads'
import type { DocumentAnswer } from '../../../contract/agent.ts'
import type { Ecosystem } from '../../../contract/ecosystems/index.ts'
import type { Release } from './release.ts'

/** One of the two published files that are compared. */
export interface PublishedVersion {
  readonly version: string
  readonly bytes: Uint8Array
}

/** Two published files to compare; `of` says whose format they have. */
export interface ReleaseJob {
  readonly of: Ecosystem
  readonly from: PublishedVersion
  readonly to: PublishedVersion
}

/** An entry to read of a published file, as the ecosystem's own reader asks for it. */
export interface EntryJob {
  readonly of: Ecosystem
  readonly entry: unknown
}

export interface ReadingLimits {
  readonly timeoutMs: number
  readonly memoryMb: number
}

const defaults: ReadingLimits = { timeoutMs: 30_000, memoryMb: 1024 }

/** Compares two published versions; see `inThread`. */
export async function readRelease(
  script: string,
  job: ReleaseJob,
  signal?: AbortSignal,
  limits: ReadingLimits = defaults,
): Promise<Release | undefined> {
  return await inThread<Release>(script, job, signal, limits)
}

/** Reads an entry of a published file; see `inThread`. */
export async function readEntry(
  script: string,
  job: EntryJob,
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
  job: ReleaseJob | EntryJob,
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
