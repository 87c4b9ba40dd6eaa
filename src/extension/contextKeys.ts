import { commands, type Disposable } from 'vscode'
import type { SessionStore } from './sessions/sessionStore.ts'
import { groupOf, needsAttention } from './sessions/sessionText.ts'
import { hasFailingChecks, hasOpenThreads, type SessionSummary } from './sessions/summary.ts'

/** What the manifest's conditions ask: nothing is offered that has no session to act on. */
const keys: Readonly<Record<string, (row: SessionSummary) => boolean>> = {
  anySession: () => true,
  hasWorking: (row) => groupOf(row) === 'running' || row.stage !== null,
  hasWaiting: (row) => groupOf(row) === 'waiting',
  hasFailingChecks,
  hasOpenThreads,
  hasRetryable: (row) => groupOf(row) === 'waiting' || groupOf(row) === 'done' || needsAttention(row),
}

/** Keeps them true; the editor is told what changed alone. */
export function createContextKeys(store: SessionStore): Disposable {
  const told = new Map<string, boolean>()
  const look = (): void => {
    const rows = store.list()
    for (const [key, holds] of Object.entries(keys)) {
      const now = rows.some(holds)
      if (told.get(key) === now) continue
      told.set(key, now)
      void commands.executeCommand('setContext', `drydock.${key}`, now)
    }
  }
  look()
  return store.onDidChange(look)
}
