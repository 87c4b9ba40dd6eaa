import { type QuickPickItem, window } from 'vscode'
import type { SessionStore } from '../sessions/sessionStore.ts'
import { sessionText } from '../sessions/sessionText.ts'
import type { SessionSummary } from '../sessions/summary.ts'
import { plainLabel } from './plainLabel.ts'

/** The session that a row, a link or a caller names; else the one that fits, chosen by the person where several do. */
export async function chooseSession(
  store: SessionStore,
  given: unknown,
  question: string,
  fits: (summary: SessionSummary) => boolean,
): Promise<string | undefined> {
  const named = idOf(given)
  if (named !== undefined) return named
  await store.ready
  const found = store.list().filter(fits)
  if (found.length === 0) {
    void window.showInformationMessage('No session is in a state for this.')
    return undefined
  }
  const items = found.map((row): QuickPickItem & { id: string } => {
    const { title, description, icon } = sessionText(row, Date.now())
    return { id: row.id, label: `$(${icon}) ${plainLabel(title)}`, description: plainLabel(description) }
  })
  const chosen = await window.showQuickPick(items, {
    placeHolder: question,
    matchOnDescription: true,
    ignoreFocusOut: true,
  })
  return chosen?.id
}

function idOf(given: unknown): string | undefined {
  if (typeof given === 'string') return given
  const { id } = Object(given) as { readonly id?: unknown }
  return typeof id === 'string' ? id : undefined
}
