import { commands, type Disposable } from 'vscode'
import { manifestNames } from '../contract/ecosystems/index.ts'
import { createCodeLenses } from './manifests/codeLens.ts'
import { createNotifications } from './notifications.ts'
import type { Services } from './services.ts'
import type { SessionStore } from './sessions/sessionStore.ts'
import { createStatusBar } from './statusBar.ts'

/** Starts what goes on without being asked, once the sessions are known. */
export async function watch(services: Services): Promise<readonly Disposable[]> {
  const { store, secrets, context, walkthrough, reviews } = services
  // Conditions of menus look names up there.
  void commands.executeCommand('setContext', 'drydock.manifests', manifestNames)
  void secrets.tell() // an editor without a GitHub provider lets it wait
  await store.ready
  const tellSessions = (): void => walkthrough.tell('hasSession', store.list().length > 0)
  tellSessions()
  void tellEngine(services)
  return [
    createStatusBar(store),
    createNotifications(store, context.workspaceState, reviews.isInFront),
    createCodeLenses(async () => services),
    store.onDidChange(tellSessions),
    settleDead(services),
    { dispose: () => void store.dispose() },
  ]
}

const engineSeen = 'drydock.engineReady'

/** For the walkthrough's first step, until it was ticked once: later the doctor is asked by a person alone. */
async function tellEngine({ runner, context, walkthrough }: Services): Promise<void> {
  const seen = context.globalState.get(engineSeen, false)
  const ready =
    seen ||
    (await runner.doctor().then(
      (found) => found.ready,
      () => false,
    ))
  walkthrough.tell('engineReady', ready)
  if (ready && !seen) await context.globalState.update(engineSeen, true)
}

/** Lets the command line write the end of sessions whose runner died, once each, so that their logs are true too. */
function settleDead({ store, runner }: { store: SessionStore; runner: Services['runner'] }): Disposable {
  const asked = new Set<string>()
  // One after the other: there may be many after a crash of the machine.
  let underWay = Promise.resolve()
  const look = (): void => {
    for (const { id, state, outcome, abandoned } of store.list()) {
      const dead = abandoned || (state === 'interrupted' && outcome === null)
      if (!dead) asked.delete(id)
      if (!dead || asked.has(id)) continue
      asked.add(id)
      // Where it fails, the session is shown as interrupted all the same.
      underWay = underWay.then(() => runner.settle(id)).catch(() => {})
    }
  }
  look()
  return store.onDidChange(look)
}
