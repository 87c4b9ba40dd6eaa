import type { DocumentAnswer } from '../../../contract/agent.ts'
import { type JarEntryJob, jarEntry } from './jars/entry.ts'

export { jarRelease as release } from './release/index.ts'

export function own(job: JarEntryJob): DocumentAnswer {
  return jarEntry(job)
}
