import { join, resolve } from 'node:path'
import envPaths from 'env-paths'

/** The folder of all sessions, the one the command line uses: `$DRYDOCK_HOME/sessions`, or in the user's data folder. */
export function sessionsHome(env: Readonly<Record<string, string | undefined>>): string {
  const named = env.DRYDOCK_HOME
  const data = named === undefined || named === '' ? envPaths('drydock', { suffix: '' }).data : resolve(named)
  return join(data, 'sessions')
}

/** The names inside a session's folder that the extension reads. */
export const sessionFiles = {
  task: (folder: string) => join(folder, 'task.json'),
  events: (folder: string) => join(folder, 'events.jsonl'),
  artifact: (folder: string, sha256: string) => join(folder, 'artifacts', sha256),
} as const
