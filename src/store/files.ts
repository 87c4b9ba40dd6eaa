import { join } from 'node:path'

/** The names inside a session's folder. */
export const sessionFiles = {
  task: (folder: string) => join(folder, 'task.json'),
  events: (folder: string) => join(folder, 'events.jsonl'),
  artifacts: (folder: string) => join(folder, 'artifacts'),
  repository: (folder: string) => join(folder, 'repo.git'),
  /** Text of a pull request that a person opens by hand. */
  pullRequest: (folder: string) => join(folder, 'pull-request.md'),
  /** Answers of the code host with their tags; may be removed at any time. */
  kept: (folder: string) => join(folder, 'host.json'),
  /** Space that a full disk gives back, so that the last event can be written. */
  reserve: (folder: string) => join(folder, 'reserve'),
} as const

/** Whether the system gives an error this name. */
export function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && codes.some((code) => code === error.code)
}

/** Whether a write failed because there is no room. */
export function isDiskFull(error: unknown): boolean {
  return hasCode(error, 'ENOSPC', 'EDQUOT', 'EFBIG')
}
