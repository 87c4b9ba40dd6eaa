import { join } from 'node:path'
import { type StartedServer, startServer } from '../git-http/start.ts'

/** Starts the GitHub stand-in in a process of its own; `await using` ends it. */
export function startGithub(root: string, token: string): Promise<StartedServer> {
  return startServer(join(import.meta.dirname, 'main.ts'), [root, '--token', token])
}
