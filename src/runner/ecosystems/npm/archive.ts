import { type OutlineJob, outlinesOf } from './release/outline.ts'

export { npmRelease as release } from './release/index.ts'

export function own(job: OutlineJob) {
  return outlinesOf(job)
}
