import { parentPort, workerData } from 'node:worker_threads'
import type { ArchiveModule } from '../module.ts'
import type { OwnJob, ReleaseJob } from './reader.ts'

async function done(job: ReleaseJob | OwnJob): Promise<unknown> {
  const archives = (await import(`../${job.of}/archive.ts`)) as ArchiveModule
  return 'own' in job ? await archives.own?.(job.own) : await archives.release(job.from, job.to, job.beside)
}

parentPort?.postMessage(await done(workerData as ReleaseJob | OwnJob))
