import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { type StartedServer, startServer } from '../git-http/start.ts'
import { type GithubOptions, githubServer, type PlayedGithub } from './server.ts'

/** Starts the GitHub stand-in in a process of its own; `await using` ends it. */
export function startGithub(root: string, token: string): Promise<StartedServer> {
  return startServer(join(import.meta.dirname, 'main.ts'), [root, '--token', token])
}

/** The stand-in in this process, whose state and faults a test has in its hands. */
export async function playGithub(
  options: GithubOptions,
): Promise<PlayedGithub & { readonly url: string } & AsyncDisposable> {
  const played = githubServer(options)
  const { server } = played
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return Object.assign(played, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  })
}
