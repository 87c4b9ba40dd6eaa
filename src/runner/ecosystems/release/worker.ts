import { parentPort, workerData } from 'node:worker_threads'
import { type JarEntryJob, jarEntry } from '../maven/jars/entry.ts'
import { jarRelease } from '../maven/release/index.ts'
import { npmRelease } from '../npm/release/index.ts'
import type { ReadingJob } from './reader.ts'

async function done(job: ReadingJob | JarEntryJob): Promise<unknown> {
  if (job.kind === 'entry') return jarEntry(job)
  return await (job.kind === 'npm' ? npmRelease : jarRelease)(job.from, job.to)
}

parentPort?.postMessage(await done(workerData as ReadingJob | JarEntryJob))
