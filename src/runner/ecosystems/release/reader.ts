import { Worker } from 'node:worker_threads'
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
  /** What is read beside it, as the ecosystem's own reader takes it. */
  readonly beside?: unknown
}

/** A question that an ecosystem's own reader answers. */
export interface OwnJob {
  readonly of: Ecosystem
  readonly own: unknown
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

/** A question of the ecosystem's own to a published file, such as for one of its entries; see `inThread`. */
export async function askArchive<Answer>(
  script: string,
  job: OwnJob,
  signal?: AbortSignal,
  limits: ReadingLimits = { ...defaults, timeoutMs: 20_000 },
): Promise<Answer | undefined> {
  return await inThread<Answer>(script, job, signal, limits)
}

/**
 * Reads published files in a thread of its own, whose time and memory are bounded: the files are strangers'. `script` is
 * the program of `worker.ts`, built or not. Undefined where it did not come to an end.
 */
async function inThread<Result>(
  script: string,
  job: ReleaseJob | OwnJob,
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
