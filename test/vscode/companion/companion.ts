import { readFile, rename, writeFile } from 'node:fs/promises'
import type { AuthenticationProvider, AuthenticationProviderAuthenticationSessionsChangeEvent } from 'vscode'
import { authentication, commands, EventEmitter, type ExtensionContext } from 'vscode'
import { runSuites } from './suites.ts'

/** Stands for the editor's GitHub sign-in, and runs the suites that want to be inside the extension host. */
export async function activate(context: ExtensionContext): Promise<void> {
  const { DRYDOCK_TEST_TOKEN: token, DRYDOCK_TEST_SUITES: suites } = process.env
  context.subscriptions.push(commands.registerCommand('drydockTest.noop', () => undefined))
  if (token !== undefined) {
    context.subscriptions.push(
      authentication.registerAuthenticationProvider('github', 'GitHub', github(token)),
    )
  }
  if (suites === undefined) return
  // One file says what to run and where the answer goes; the next window finds its answer written.
  const { modules, results } = JSON.parse(await readFile(suites, 'utf8')) as {
    modules: string[]
    results: string
  }
  await writeFile(`${results}.partial`, JSON.stringify(await runSuites(modules)))
  await rename(`${results}.partial`, results)
}

function github(accessToken: string): AuthenticationProvider {
  const changed = new EventEmitter<AuthenticationProviderAuthenticationSessionsChangeEvent>()
  const session = { id: 'one', accessToken, account: { id: 'tess', label: 'tess' }, scopes: ['repo'] }
  let signedIn = false
  return {
    onDidChangeSessions: changed.event,
    getSessions: async () => (signedIn ? [session] : []),
    async createSession() {
      signedIn = true
      changed.fire({ added: [session], removed: [], changed: [] })
      return session
    },
    async removeSession() {
      signedIn = false
      changed.fire({ added: [], removed: [session], changed: [] })
    },
  }
}
