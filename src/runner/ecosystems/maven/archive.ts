import type { DocumentAnswer } from '../../../contract/agent.ts'
import { type JarEntryJob, jarEntry } from './jars/entry.ts'
import type { PackagesJob } from './jars/namespaces.ts'
import { packagesIn } from './jars/zip.ts'

export { jarRelease as release } from './release/index.ts'

export function own(job: JarEntryJob | PackagesJob): DocumentAnswer | readonly (readonly string[])[] {
  return 'jars' in job ? job.jars.map(packagesIn) : jarEntry(job)
}
