import { parentPort, workerData } from 'node:worker_threads'
import type { ArchiveModule } from '../module.ts'
import type { EntryJob, ReleaseJob } from './reader.ts'

async function done(job: ReleaseJob | EntryJob): Promise<unknown> {
  const archives = (await import(`../${job.of}/archive.ts`)) as ArchiveModule
  return 'entry' in job ? await archives.entry?.(job.entry) : await archives.release(job.from, job.to)
}

parentPort?.postMessage(await done(workerData as ReleaseJob | EntryJob))
