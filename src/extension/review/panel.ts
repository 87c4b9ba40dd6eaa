import { type Disposable, Uri, ViewColumn, type WebviewPanel, window, workspace } from 'vscode'
import { z } from 'zod'
import { sessionTitle } from '../../contract/sessionTitle.ts'
import type { SessionView } from '../../contract/sessionView.ts'
import { shownName } from '../../contract/shownText.ts'
import { SessionId } from '../../contract/task.ts'
import { createDocuments, documentScheme } from './documents.ts'
import { reviewEditor } from './editor.ts'
import { fillPage } from './fillPage.ts'
import { ReviewSession } from './reviewSession.ts'
import { reviewType } from './reviewType.ts'
import type { ReviewRunner, ReviewStore } from './services.ts'

export interface ReviewServices {
  readonly extensionUri: Uri
  readonly store: ReviewStore & {
    /** Folder of all sessions. */
    readonly home: string
    load(id: string): Promise<SessionView>
  }
  readonly runner: ReviewRunner
  /** Whether a key for the model is there. */
  readonly hasKey: () => Promise<boolean>
  /** Where git is found: `PATH`. */
  readonly searchPath: string
}

/** The review panels of a window, one a session. */
export interface Reviews extends Disposable {
  /** Shows a session's review; the panel that is open already comes to the front. */
  open(id: string): void
  /** Whether a session's review is what the person looks at. */
  isInFront(id: string): boolean
  /** Fills a panel that was open before the window was loaded again. */
  restore(panel: WebviewPanel, state: unknown): void
}

export function createReviews(services: ReviewServices): Reviews {
  const panels = new Map<string, WebviewPanel>()
  const shown = new Map<WebviewPanel, Connection>()
  const documents = workspace.registerTextDocumentContentProvider(
    documentScheme,
    createDocuments({ ...services, home: services.store.home, load: services.store.load }),
  )
  /** A session in a panel, in place of the one that was there. */
  const show = (panel: WebviewPanel, id: string): void => {
    const before = shown.get(panel)
    if (before !== undefined) {
      before.dispose()
      panels.delete(before.id)
    }
    panels.set(id, panel)
    shown.set(
      panel,
      connect(services, panel, id, (other) => open(other, panel)),
    )
  }
  const fill = (panel: WebviewPanel, id: string): void => {
    show(panel, id)
    panel.onDidDispose(() => {
      const connection = shown.get(panel)
      shown.delete(panel)
      connection?.dispose()
      if (connection !== undefined) panels.delete(connection.id)
    })
  }
  const open = (id: string, instead?: WebviewPanel): void => {
    const there = panels.get(id)
    if (there !== undefined) there.reveal()
    else if (instead !== undefined) show(instead, id)
    else {
      const options = { retainContextWhenHidden: true }
      fill(window.createWebviewPanel(reviewType, 'Review', ViewColumn.Active, options), id)
    }
  }
  return {
    open: (id) => open(id),
    isInFront: (id) => panels.get(id)?.active === true && window.state.focused,
    restore(panel, state) {
      const kept = KeptSession.safeParse(state)
      if (kept.success && !panels.has(kept.data.session)) fill(panel, kept.data.session)
      else panel.dispose()
    },
    dispose() {
      documents.dispose()
      for (const panel of panels.values()) panel.dispose()
    },
  }
}

/** What shows one session in a panel, until another takes its place. */
interface Connection extends Disposable {
  readonly id: string
}

/** What the page keeps over a reload, as far as it is needed to find the session again. */
const KeptSession = z.looseObject({ session: SessionId })

function connect(
  services: ReviewServices,
  panel: WebviewPanel,
  id: string,
  openReview: (id: string) => void,
): Connection {
  const { webview } = panel
  let gone = false
  const icon = (theme: string) => Uri.joinPath(services.extensionUri, 'media', `review-${theme}.svg`)
  panel.iconPath = { light: icon('light'), dark: icon('dark') }
  // On its way before the log is read: it is large, and loads while that is read.
  fillPage(webview, services.extensionUri, 'review', 'Review')
  const editor = reviewEditor({
    session: () => session.session,
    tree: () => session.tree,
    ...{ openReview, hasKey: services.hasKey },
  })
  const session = new ReviewSession(
    {
      ...{ store: services.store, runner: services.runner, editor },
      // The panel may show another session by the time an answer comes.
      post: (message) => void (gone || webview.postMessage(message)),
      onSession: (shown) => {
        if (!gone) panel.title = shownName(`Review: ${sessionTitle(shown)}`)
      },
    },
    id,
  )
  const hearing = webview.onDidReceiveMessage((message: unknown) => void session.receive(message))
  return {
    id,
    dispose() {
      gone = true
      hearing.dispose()
      session.dispose()
    },
  }
}
