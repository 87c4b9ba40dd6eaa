import { commands, type Disposable, type ExtensionContext, window, workspace } from 'vscode'
import type { commandTable } from './commands/index.ts'
import { createPages, pageScheme } from './doctor/pages.ts'
import { lazy } from './lazy.ts'
import { reviewType } from './review/reviewType.ts'
import type { Services } from './services.ts'
import { createSessionsView } from './sessions/view.ts'

const lazyCommands = {
  updateDependency: true,
  updateOutdated: true,
  runChange: true,
  openReview: true,
  cancel: true,
  retry: true,
  publish: true,
  sync: true,
  followUp: true,
  fixChecks: true,
  addressComments: true,
  reject: true,
  revealLog: true,
  deleteSession: true,
  doctor: true,
  showStatistics: true,
  showCampaign: true,
  showMoreRepositories: true,
  setApiKey: true,
  signIn: true,
} as const satisfies Record<keyof typeof commandTable, true>

/** Registers what the manifest names; everything else is loaded when it is first needed, and nothing before trust. */
export function activate(context: ExtensionContext): void {
  const pages = createPages()
  const services = lazy(async () => (await import('./later.ts')).openServices(context, pages))
  const store = async () => (await services()).store
  const view = createSessionsView(
    async () => (await import('./later.ts')).createSessionTree(store),
    async () => (await store()).refresh(),
  )
  context.subscriptions.push(
    view,
    workspace.registerTextDocumentContentProvider(pageScheme, pages),
    commands.registerCommand('drydock.showSessions', view.show),
    commands.registerCommand('drydock.filterSessions', view.filter),
    commands.registerCommand('drydock.clearFilter', view.clearFilter),
    commands.registerCommand('drydock.refreshSessions', view.refresh),
    commands.registerCommand('drydock.showMoreSessions', view.showMore),
    window.registerWebviewPanelSerializer(reviewType, {
      async deserializeWebviewPanel(panel, state: unknown) {
        if (workspace.isTrusted) (await services()).reviews.restore(panel, state)
        else panel.dispose()
      },
    }),
    ...registerLazily(services),
  )
  if (workspace.isTrusted) startWatching(context, services)
  else context.subscriptions.push(workspace.onDidGrantWorkspaceTrust(() => startWatching(context, services)))
}

function registerLazily(services: () => Promise<Services>): Disposable[] {
  return (Object.keys(lazyCommands) as (keyof typeof lazyCommands)[]).map((name) =>
    commands.registerCommand(`drydock.${name}`, async (...given: readonly unknown[]) => {
      const { runCommand } = await (await import('./later.ts')).loadCommands()
      await runCommand(name, services, given)
    }),
  )
}

/** What goes on without being asked: status bar, notifications, newer versions in manifests. */
function startWatching(context: ExtensionContext, services: () => Promise<Services>): void {
  const start = async (): Promise<void> => {
    const { watch } = await (await import('./later.ts')).loadWatch()
    context.subscriptions.push(...(await watch(await services())))
  }
  // After this turn: activation is over by then.
  setImmediate(() => void start())
}
