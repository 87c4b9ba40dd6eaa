import { commands, type Disposable, type Memento, window } from 'vscode'
import { shownName } from '../contract/shownText.ts'
import { isHere } from './here.ts'
import type { SessionStore } from './sessions/sessionStore.ts'
import { groupOf, needsAttention } from './sessions/sessionText.ts'
import type { SessionSummary } from './sessions/summary.ts'

const memory = 'drydock.running'

/**
 * Tells of a session of this window's folders that ran, here or before a reload, and now needs its person: its
 * review is ready, or it failed. Nothing else is told.
 */
export function createNotifications(
  store: SessionStore,
  state: Memento,
  isInFront: (id: string) => boolean,
): Disposable {
  let running = new Set(state.get<readonly string[]>(memory, []))
  const look = (ids: ReadonlySet<string>): void => {
    const rows = store.list().filter((row) => ids.has(row.id) && isHere(row))
    const now = new Set([...running].filter((id) => !rows.some((row) => row.id === id && hasEnded(row))))
    for (const row of rows) if (!hasEnded(row)) now.add(row.id)
    const ended = rows.filter((row) => running.has(row.id) && hasEnded(row))
    if (ended.length > 0 || now.size !== running.size) void state.update(memory, [...now])
    running = now
    // Who looks at it sees it.
    for (const row of ended) if (!isInFront(row.id)) void tell(row)
  }
  look(new Set(store.list().map(({ id }) => id)))
  return store.onDidChange(look)
}

const hasEnded = (row: SessionSummary): boolean => groupOf(row) !== 'running'

async function tell(row: SessionSummary): Promise<void> {
  const title = shownName(row.title)
  const open = 'Open Review'
  const chosen =
    groupOf(row) === 'waiting'
      ? await window.showInformationMessage(`${title}: ${row.words.join(', ')}.`, open)
      : needsAttention(row)
        ? await window.showWarningMessage(`${title}: ${failureText(row)}`, open)
        : undefined
  if (chosen === open) await commands.executeCommand('drydock.openReview', row.id)
}

function failureText(row: SessionSummary): string {
  return row.reason === null ? 'its runner ended before it was done.' : shownName(row.reason)
}
