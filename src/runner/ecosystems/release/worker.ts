import { parentPort, workerData } from 'node:worker_threads'
import { type JarEntryJob, jarEntry } from '../maven/jars/entry.ts'
import { jarRelease } from '../maven/release/index.ts'
import { npmRelease } from '../npm/release/index.ts'
import { type OutlineJob, outlinesOf } from '../npm/release/outline.ts'
import type { ReadingJob } from './reader.ts'

type Job = ReadingJob | JarEntryJob | OutlineJob

async function done(job: Job): Promise<unknown> {
  if (job.kind === 'entry') return jarEntry(job)
  if (job.kind === 'outline') return await outlinesOf(job)
  return await (job.kind === 'npm' ? npmRelease(job.from, job.to, job.beside) : jarRelease(job.from, job.to))
}

parentPort?.postMessage(await done(workerData as Job))
