import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

export interface StartedServer extends AsyncDisposable {
  readonly url: string
}

/** Starts the git remote in a process of its own; `await using` ends it. */
export function startGitHttp(
  root: string,
  auth?: { readonly user: string; readonly password: string },
): Promise<StartedServer> {
  const args = auth === undefined ? [] : ['--user', auth.user, '--password', auth.password]
  return startServer(join(import.meta.dirname, 'main.ts'), [root, ...args])
}

/** Starts a program that prints its URL as the first line. */
export async function startServer(program: string, args: readonly string[]): Promise<StartedServer> {
  const child: ChildProcess = spawn(process.execPath, [program, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const lines = createInterface({ input: child.stdout ?? process.stdin })
  const [url] = await Promise.race([
    once(lines, 'line'),
    once(child, 'exit').then(() => Promise.reject(new Error(`${program} ended before it told its URL`))),
  ])
  return {
    url: String(url),
    [Symbol.asyncDispose]: async () => {
      const exited = once(child, 'exit')
      child.kill('SIGKILL')
      await exited
    },
  }
}
