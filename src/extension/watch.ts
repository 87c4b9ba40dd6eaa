import { authentication, commands, type Disposable, window } from 'vscode'
import { manifestNames } from '../contract/ecosystems/index.ts'
import type { CampaignStore } from './campaigns/campaignStore.ts'
import { createContextKeys } from './contextKeys.ts'
import { followPullRequests } from './followHost.ts'
import { createCodeLenses } from './manifests/codeLens.ts'
import { createNotifications } from './notifications.ts'
import type { Services } from './services.ts'
import type { SessionStore } from './sessions/sessionStore.ts'
import { moveOldSettings } from './settings.ts'
import { createStatusBar } from './statusBar.ts'

const engineEveryMs = 60_000

/** Starts what goes on without being asked, once the sessions are known. */
export async function watch(services: Services): Promise<readonly Disposable[]> {
  const { store, secrets, context, walkthrough, reviews, campaigns } = services
  // Conditions of menus look names up there.
  void commands.executeCommand('setContext', 'drydock.manifests', manifestNames)
  // Settings that cannot be written are read as they are.
  void moveOldSettings().then(undefined, () => {})
  void secrets.tell() // an editor without a GitHub provider lets it wait
  await store.ready
  let askedAt = Date.now()
  const tellSessions = (): void => walkthrough.tell('hasSession', store.list().length > 0)
  tellSessions()
  // For the walkthrough's first step; later the doctor is asked by a person alone.
  void services.engine.wasReady().then((ready) => walkthrough.tell('engineReady', ready))
  return [
    createContextKeys(store),
    createStatusBar(store),
    createNotifications(store, context.workspaceState, reviews.isInFront),
    createCodeLenses(async () => services),
    store.onDidChange(tellSessions),
    // A step is done as well where it was done in another window, or by the editor's own sign-in.
    context.secrets.onDidChange(() => void secrets.tell()),
    authentication.onDidChangeSessions(() => void secrets.tell()),
    window.onDidChangeWindowState(({ focused }) => {
      // Whoever went to start an engine comes back.
      if (!focused || Date.now() - askedAt < engineEveryMs) return
      askedAt = Date.now()
      void services.engine.wasReady()
    }),
    settleDead(services),
    followPullRequests(services),
    tellCampaigns(campaigns),
    { dispose: () => void store.dispose() },
    { dispose: () => void campaigns.dispose() },
  ]
}

/** The view of campaigns is there where one is. */
function tellCampaigns(campaigns: CampaignStore): Disposable {
  const tell = (): void =>
    void commands.executeCommand('setContext', 'drydock.anyCampaign', campaigns.list().length > 0)
  void campaigns.ready.then(tell)
  return campaigns.onDidChange(tell)
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
