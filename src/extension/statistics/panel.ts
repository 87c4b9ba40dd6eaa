import { type Disposable, type Uri, ViewColumn, type WebviewPanel, window } from 'vscode'
import { toFailure } from '../../contract/failure.ts'
import { dashboardOf, type StatisticsFailed, StatisticsMessage } from '../../contract/statistics/dashboard.ts'
import { type KnownFacts, readFacts } from '../../store/statistics.ts'
import { fillPage } from '../review/fillPage.ts'

export interface StatisticsServices {
  readonly extensionUri: Uri
  /** Folder of all sessions. */
  readonly home: string
  /** What the command line keeps of their facts, too. */
  readonly cacheFile: string
  readonly openReview: (session: string) => void
}

/** The page of statistics of a window: there is one. */
export interface StatisticsPanel extends Disposable {
  show(): void
}

export function createStatistics(services: StatisticsServices): StatisticsPanel {
  let panel: WebviewPanel | undefined
  return {
    show() {
      if (panel !== undefined) return panel.reveal()
      panel = window.createWebviewPanel('drydock.statistics', 'Drydock Statistics', ViewColumn.Active, {})
      panel.onDidDispose(() => {
        panel = undefined
      })
      connect(services, panel)
    },
    dispose: () => panel?.dispose(),
  }
}

function connect(
  { extensionUri, home, cacheFile, openReview }: StatisticsServices,
  panel: WebviewPanel,
): void {
  const { webview } = panel
  let known: Promise<KnownFacts> | undefined
  webview.onDidReceiveMessage(async (given: unknown) => {
    const message = StatisticsMessage.safeParse(given)
    if (!message.success) return
    if (message.data.type === 'open') return openReview(message.data.session)
    const { shown, fresh } = message.data
    if (fresh) known = undefined
    known ??= readFacts(home, cacheFile)
    try {
      await webview.postMessage(dashboardOf(await known, shown, new Date()))
    } catch (error) {
      known = undefined
      const { message: what, next } = toFailure(error)
      await webview.postMessage({ type: 'failed', text: `${what} ${next}` } satisfies StatisticsFailed)
    }
  })
  fillPage(webview, extensionUri, 'statistics', 'Statistics')
}
