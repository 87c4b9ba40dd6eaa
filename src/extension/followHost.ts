import { type Disposable, window } from 'vscode'
import type { Services } from './services.ts'
import type { SessionSummary } from './sessions/summary.ts'

/** Between two questions about the same pull request, ms: answers that did not change cost the host next to nothing. */
const everyMs = 10 * 60_000
const firstMs = 60_000
/** Pull requests asked about at once, the newest; what is older than this is asked about by a person alone. */
const most = 20
const oldestMs = 60 * 24 * 3_600_000

/**
 * Asks the host what became of open pull requests, one after the other, while somebody looks at the window and is signed
 * in; nobody is asked to sign in for it. What cannot be asked now is asked the next time.
 */
export function followPullRequests({ store, runner, secrets }: Services): Disposable {
  // An editor that starts has other things to do.
  let askedAt = Date.now() - everyMs + firstMs
  let underWay = Promise.resolve()
  const ask = async (): Promise<void> => {
    if (!(await secrets.isSignedIn())) return
    for (const { id } of store.list().filter(isOpen).slice(0, most)) {
      await runner.ask({ do: 'sync', session: id }).catch(() => undefined)
    }
  }
  const look = (): void => {
    if (!window.state.focused || Date.now() - askedAt < everyMs) return
    askedAt = Date.now()
    underWay = underWay.then(ask).catch(() => undefined)
  }
  look()
  const timer = setInterval(look, everyMs / 10)
  const focus = window.onDidChangeWindowState(look)
  return {
    dispose: () => {
      clearInterval(timer)
      focus.dispose()
    },
  }
}

function isOpen({ outcome, pullRequest, createdAt }: SessionSummary): boolean {
  return outcome === 'published' && pullRequest !== null && Date.now() - Date.parse(createdAt) < oldestMs
}
