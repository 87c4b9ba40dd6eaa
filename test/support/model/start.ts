import { join } from 'node:path'
import { type StartedServer, startServer } from '../git-http/start.ts'

/** Starts the played model in a process of its own; `await using` ends it. */
export async function startModel(script: string): Promise<StartedServer> {
  const server = await startServer(join(import.meta.dirname, 'main.ts'), ['--script', script])
  const { url } = JSON.parse(server.url) as { url: string }
  return { ...server, url }
}
